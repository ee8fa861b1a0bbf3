/**
 * Patterns of paths, as Alloy reads them:
 *
 *   *  ?         any characters of one name, one character; dots are like any other
 *   **           as a whole name: any number of folders, also none
 *   [a-z] [!x]   one of these characters, none of these; [^x] too
 *   {a,b/*}      one of these patterns
 *   \*           the character itself
 */
import { Permanent } from './errors.js'

/** One name of a path, or any number of folders. */
export type GlobPart = string | RegExp | '**'

/** Braces with slashes in them make several paths; more than this are refused. */
const PATHS_MAX = 1000

export class Glob {
  /** The ways a path may match, split at the slashes; what is not "**" and a text is a name. */
  readonly paths: readonly (readonly GlobPart[])[]

  /** Throws Permanent where it is no pattern, or stands for too many. */
  constructor(pattern: string) {
    this.paths = spreadOut(pattern).map((path) => path.split('/').map(partOf))
  }

  matches(path: string): boolean {
    const names = path.split('/')
    return this.paths.some((parts) => matchesAll(parts, names))
  }
}

/** Follows all ways at once, so that no pattern takes long. */
function matchesAll(parts: readonly GlobPart[], names: readonly string[]): boolean {
  let reached = [0]
  for (const part of parts) {
    if (part === '**') {
      const least = Math.min(...reached)
      reached = Array.from({ length: names.length + 1 - least }, (_, n) => least + n)
    } else {
      reached = reached
        .filter((at) => at < names.length && fitsName(part, names[at]!))
        .map((at) => at + 1)
    }
    if (reached.length === 0) return false
  }
  return reached.includes(names.length)
}

/** Whether one name is what a part other than "**" says. */
export function fitsName(part: GlobPart, name: string): boolean {
  return typeof part === 'string' ? part === name : part.test(name)
}

function partOf(text: string): GlobPart {
  if (text === '**' || !/[*?[{\\]/.test(text)) return text
  const isPlain = /^(?:[^*?[{\\]|\\.)*$/su.test(text)
  if (isPlain) return text.replace(/\\(.)/gsu, '$1')
  const expression = expressionOf(text)
  try {
    return new RegExp(`^${expression}$`, 'su')
  } catch (error) {
    throw new Permanent(`the pattern ${text} has a range that is none`, { cause: error })
  }
}

/** What a pattern without slashes is as a regular expression. */
function expressionOf(text: string): string {
  let expression = ''
  for (let at = 0; at < text.length; ) {
    const char = text[at]!
    if (char === '{') {
      const { end, options } = bracesAt(text, at)
      expression += `(?:${options.map(expressionOf).join('|')})`
      at = end
    } else if (char === '[') {
      const end = endOfClass(text, at)
      expression += classOf(text.slice(at + 1, end - 1))
      at = end
    } else if (char === '\\') {
      const [literal] = text.slice(at + 1)
      if (literal === undefined) throw new Permanent(`the pattern ${text} ends in a backslash`)
      expression += escaped(literal)
      at += 1 + literal.length
    } else {
      expression += char === '*' ? '.*' : char === '?' ? '.' : escaped(char)
      at++
    }
  }
  return expression
}

/** What is between the brackets; ranges keep their dash. */
function classOf(inside: string): string {
  const negated = /^[!^]/.test(inside)
  const characters = (negated ? inside.slice(1) : inside).replace(
    /\\(.)|[[\]^]/gsu,
    (one, literal: string | undefined) =>
      literal === '-' ? '\\-' : escaped(literal === undefined ? one : literal),
  )
  return `[${negated ? '^' : ''}${characters}]`
}

function escaped(char: string): string {
  return '\\^$.*+?()[]{}|/'.includes(char) ? `\\${char}` : char
}

/** Where the class that begins at `start` ends, its bracket included. */
function endOfClass(text: string, start: number): number {
  // A bracket that comes first is a character.
  const end = /^\[[!^]?(?:\\.|[^\\])(?:\\.|[^\\\]])*\]/su.exec(text.slice(start))?.[0].length
  if (end === undefined) throw new Permanent(`the pattern ${text} has a bracket that is not closed`)
  return start + end
}

interface Braces {
  /** The index behind them. */
  readonly end: number
  readonly options: readonly string[]
}

function bracesAt(text: string, start: number): Braces {
  const options: string[] = []
  let depth = 0
  let from = start + 1
  for (let at = start; at < text.length; at++) {
    const char = text[at]
    if (char === '\\') at++
    else if (char === '[') at = endOfClass(text, at) - 1
    else if (char === '{') depth++
    else if (char === '}') depth--
    if (depth > 1 || (char !== ',' && char !== '}') || (char === '}' && depth > 0)) continue
    options.push(text.slice(from, at))
    from = at + 1
    if (depth === 0) return { end: from, options }
  }
  throw new Permanent(`the pattern ${text} has a brace that is not closed`)
}

/** The patterns that braces with slashes in them stand for; other braces stay. */
function spreadOut(pattern: string): readonly string[] {
  const done: string[] = []
  const open = [{ text: pattern, from: 0 }]
  for (let one = open.pop(); one; one = open.pop()) {
    const { text, from } = one
    const start = braceFrom(text, from)
    if (start === undefined) {
      done.push(text)
      continue
    }
    const { end, options } = bracesAt(text, start)
    if (!text.slice(start, end).includes('/')) {
      open.push({ text, from: end })
      continue
    }
    for (const option of options.toReversed()) {
      open.push({ text: text.slice(0, start) + option + text.slice(end), from: start })
    }
    if (open.length + done.length > PATHS_MAX) {
      throw new Permanent(`the pattern ${pattern} stands for more than ${PATHS_MAX} paths`)
    }
  }
  return done
}

/** The next opening brace that is none of a class and not escaped. */
function braceFrom(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') return at
    if (text[at] === '\\') at++
    else if (text[at] === '[') at = endOfClass(text, at) - 1
  }
  return undefined
}
