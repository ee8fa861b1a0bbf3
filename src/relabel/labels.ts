/**
 * Labels of one series, entry or target: name, value, name, value, ..., sorted by name (in UTF-16
 * code units), each name once, no value empty. An empty value and no label are the same.
 */
export type Labels = readonly string[]

/** Sorts, and leaves out empty values; of a name that comes again the last counts. */
export function labelsOf(entries: Iterable<readonly [name: string, value: string]>): Labels {
  const editor = new LabelEditor()
  editor.begin([])
  for (const [name, value] of entries) editor.set(name, value)
  return editor.finish()
}

/**
 * Edits labels one set after another. What nobody changes is not copied: `finish` gives back the
 * very array that `begin` got.
 */
export class LabelEditor {
  #source: Labels = []
  /** `#source`, or `#copy` once something has changed. */
  #current: Labels = this.#source
  readonly #copy: string[] = []

  begin(labels: Labels): void {
    this.#source = labels
    this.#current = labels
  }

  /** The labels as they are now; changes with the next edit. */
  get current(): Labels {
    return this.#current
  }

  /** Empty where there is no such label. */
  get(name: string): string {
    const labels = this.#current
    for (let at = 0; at < labels.length; at += 2) if (labels[at] === name) return labels[at + 1]!
    return ''
  }

  /** An empty value deletes. */
  set(name: string, value: string): void {
    const labels = this.#current
    let at = 0
    while (at < labels.length && labels[at]! < name) at += 2
    if (labels[at] === name) {
      if (value === '') this.#edited().splice(at, 2)
      else if (labels[at + 1] !== value) this.#edited()[at + 1] = value
    } else if (value !== '') {
      this.#edited().splice(at, 0, name, value)
    }
  }

  /** Keeps the labels whose names `keeps` says yes to. */
  filter(keeps: (name: string) => boolean): void {
    const labels = this.#current
    let kept = 0
    while (kept < labels.length && keeps(labels[kept]!)) kept += 2
    if (kept === labels.length) return
    const copy = this.#edited()
    for (let at = kept + 2; at < copy.length; at += 2) {
      if (!keeps(copy[at]!)) continue
      copy[kept] = copy[at]!
      copy[kept + 1] = copy[at + 1]!
      kept += 2
    }
    copy.length = kept
  }

  /** What `begin` got where nothing differs from it, else an array of its own. */
  finish(): Labels {
    const source = this.#source
    const current = this.#current
    if (current === source) return source
    if (current.length === source.length && current.every((text, at) => text === source[at])) {
      return source
    }
    return current.slice()
  }

  #edited(): string[] {
    const copy = this.#copy
    if (this.#current === copy) return copy
    const source = this.#source
    copy.length = source.length
    for (let at = 0; at < source.length; at++) copy[at] = source[at]!
    this.#current = copy
    return copy
  }
}
