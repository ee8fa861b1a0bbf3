/** A source line as a terminal shows it, with a mark; columns count terminal cells from 0. */
export interface ShownLine {
  readonly text: string
  readonly start: number
  /** Exclusive; more than `start`. */
  readonly end: number
}

/** A character: what is shown for it, and from which column. */
interface Cell {
  readonly text: string
  readonly offset: number
  readonly column: number
}

const TAB = '    '
const WIDTH_MAX = 120
/** Columns kept before the mark where a long line is cut. */
const LEAD = 40
const CUT = '...'

/**
 * Tabs become four spaces, characters that would act on the terminal become U+FFFD, and a line that
 * is too long is cut around the start of the mark. Offsets count UTF-16 units of the line.
 */
export function showLine(line: string, start: number, end: number): ShownLine {
  const cells = cellsOf(line)
  const width = cells.at(-1)!.column
  const mark = { start: columnAt(cells, start), end: columnAt(cells, end) }
  mark.end = Math.max(mark.end, mark.start + 1)
  if (width <= WIDTH_MAX) return { text: textOf(cells), ...mark }

  const from = Math.max(0, Math.min(mark.start - LEAD, width - WIDTH_MAX))
  const kept = cells.filter(({ column }) => column >= from && column < from + WIDTH_MAX)
  const before = from === 0 ? '' : CUT
  const shift = before.length - kept[0]!.column
  const after = from + WIDTH_MAX < width ? CUT : ''
  return {
    text: before + textOf(kept) + after,
    start: mark.start + shift,
    end: Math.min(mark.end, from + WIDTH_MAX) + shift,
  }
}

/** The last one is the empty cell behind the line. */
function cellsOf(line: string): Cell[] {
  const cells: Cell[] = []
  let offset = 0
  let column = 0
  for (const character of line) {
    const text = shownAs(character)
    cells.push({ text, offset, column })
    offset += character.length
    column += text === TAB ? TAB.length : widthOf(text)
  }
  cells.push({ text: '', offset, column })
  return cells
}

function columnAt(cells: readonly Cell[], offset: number): number {
  return (cells.find((cell) => cell.offset >= offset) ?? cells.at(-1)!).column
}

function textOf(cells: readonly Cell[]): string {
  return cells.map((cell) => cell.text).join('')
}

function shownAs(character: string): string {
  return character === '\t' ? TAB : withoutControls(character)
}

/**
 * Controls, marks that turn the direction of text, byte order marks and halves of surrogate pairs.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu

/** A text that does nothing to a terminal but show itself. */
export function withoutControls(text: string): string {
  return text.replace(UNSAFE, '\uFFFD')
}

const COMBINING = /^[\p{Mn}\p{Me}\p{Cf}]$/u
const WIDE_LETTER = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]$/u
const WIDE_SIGN = /^[\p{Emoji_Presentation}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]$/u

function widthOf(character: string): number {
  if (COMBINING.test(character)) return 0
  return WIDE_LETTER.test(character) || WIDE_SIGN.test(character) ? 2 : 1
}
