import { compileRe2, messageOf } from '#sdk'

/** What rules use that name none; matches everything. */
export const PATTERN_DEFAULT = '(.*)'

/**
 * A regular expression with the syntax and the time bound of RE2. It must match the whole text, and
 * `.` matches line ends too, as in Prometheus.
 */
export class Pattern {
  readonly #regex: ReturnType<typeof compileRe2>
  readonly #matchesAll: boolean

  /** Throws where the text is no regular expression. */
  constructor(text: string) {
    this.#regex = compileRe2(`(?s)${text}`)
    this.#matchesAll = text === PATTERN_DEFAULT
  }

  /** The named groups and their numbers. */
  get groupNames(): Readonly<Record<string, number>> {
    return this.#regex.namedGroups()
  }

  test(text: string): boolean {
    return this.#matchesAll || this.#regex.testExact(text)
  }

  /** The groups of a match by number, all of it first; undefined where it does not match. */
  groups(text: string): readonly (string | undefined)[] | undefined {
    if (this.#matchesAll) return [text, text]
    // Much cheaper than groups, and most texts do not match.
    if (!this.#regex.testExact(text)) return undefined
    const matcher = this.#regex.matcher(text)
    if (!matcher.matches()) return undefined
    const groups: (string | undefined)[] = []
    for (let n = 0; n <= matcher.groupCount(); n++) groups.push(matcher.group(n) ?? undefined)
    return groups
  }
}

/** What is wrong with a regular expression; undefined for a good one. */
export function patternFault(text: string): string | undefined {
  try {
    compileRe2(text)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}
