/** Names to look up for a name that is not whole, as resolv.conf(5) says. */
export class SearchList {
  readonly #domains: readonly string[]
  readonly #dots: number

  /** Of the text of /etc/resolv.conf. */
  constructor(text: string) {
    let domains: readonly string[] = []
    let dots = 1
    for (const line of text.split('\n')) {
      const [word, ...values] = line.trim().split(/\s+/)
      // Of several lines the last counts.
      if (word === 'search' || word === 'domain') domains = values
      if (word !== 'options') continue
      for (const option of values) dots = Number(/^ndots:(\d+)$/.exec(option)?.[1] ?? dots)
    }
    this.#domains = domains.map((domain) => domain.replace(/\.$/, '')).filter(Boolean)
    this.#dots = dots
  }

  /** In the order in which they are tried. A dot at the end makes a name whole. */
  namesFor(name: string): readonly string[] {
    if (name.endsWith('.')) return [name.slice(0, -1)]
    const longer = this.#domains.map((domain) => `${name}.${domain}`)
    const dots = name.split('.').length - 1
    return dots >= this.#dots ? [name, ...longer] : [...longer, name]
  }
}
