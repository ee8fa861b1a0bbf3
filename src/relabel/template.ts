/**
 * Replacement texts as Go's `Regexp.Expand` reads them:
 *
 *   $1 ${1}        a group by number; one that there is not, or did not match, is empty
 *   $name ${name}  a group by name; a name is as many letters, digits and underscores as follow
 *   $$             a dollar sign
 *
 * Any other dollar sign stands for itself.
 */
const REFERENCE = /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu

/** Go takes longer numbers for names. */
const NUMBER = /^(?:0|[1-9]\d{0,8})$/

export class Template {
  /** Texts, and the numbers of groups. */
  readonly #parts: readonly (string | number)[]

  /** `groupNames` are the named groups of the expression with their numbers. */
  constructor(text: string, groupNames: Readonly<Record<string, number>>) {
    const parts: (string | number)[] = []
    let at = 0
    for (const match of text.matchAll(REFERENCE)) {
      const [reference, braced, bare] = match
      parts.push(text.slice(at, match.index))
      at = match.index + reference.length
      const name = braced ?? bare
      if (name === undefined) parts.push('$')
      else if (NUMBER.test(name)) parts.push(Number(name))
      else if (Object.hasOwn(groupNames, name)) parts.push(groupNames[name]!)
    }
    parts.push(text.slice(at))
    this.#parts = parts.filter((part) => part !== '')
  }

  /** `groups` by number, the whole match first. */
  expand(groups: readonly (string | undefined)[]): string {
    const parts = this.#parts
    if (parts.length === 1) return resolve(parts[0]!, groups)
    let text = ''
    for (const part of parts) text += resolve(part, groups)
    return text
  }
}

function resolve(part: string | number, groups: readonly (string | undefined)[]): string {
  return typeof part === 'string' ? part : (groups[part] ?? '')
}
