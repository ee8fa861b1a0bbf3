/**
 * Elastic tabstops: text in lines of cells, where the cells of a column that stand on consecutive
 * lines get one width. The last cell of a line belongs to no column. Leading empty cells become
 * tabs, all other padding is spaces. This is the alignment that Go's text/tabwriter gives to
 * Alloy's formatter.
 */
interface Cell {
  text: string
  /** Ended by a tab: its column keeps its width even where all its cells are empty. */
  tab: boolean
  /** How much of the text is not trimmed at the end of a line. */
  kept: number
}

const TAB_WIDTH = 8
/** More than the indentation of the deepest nesting; what comes after is not aligned. */
const CELLS_MAX = 400

export class Columns {
  #output = ''
  /** Lines that wait for the lines after them to know their widths. */
  #lines: Cell[][] = []
  #line: Cell[] = [newCell()]

  text(text: string): void {
    this.#line.at(-1)!.text += text
  }

  /** Text of which trailing white space is not trimmed. It may hold line ends that end no cell. */
  verbatim(text: string): void {
    const cell = this.#line.at(-1)!
    cell.text += text
    cell.kept = cell.text.length
  }

  /** A token, which may be a string of several lines. */
  lines(text: string): void {
    text.split('\n').forEach((line, index) => {
      if (index > 0) this.endLine(false)
      this.verbatim(line)
    })
  }

  endCell(tab: boolean): void {
    if (this.#line.length === CELLS_MAX) {
      this.text(' ')
      return
    }
    this.#line.at(-1)!.tab = tab
    this.#line.push(newCell())
  }

  /** A line of one cell, or `cut`, ends the columns of the lines before. */
  endLine(cut: boolean): void {
    this.#lines.push(this.#line)
    const single = this.#line.length === 1
    this.#line = [newCell()]
    if (cut || single) this.#flush()
  }

  finish(): string {
    this.#lines.push(this.#line)
    this.#line = [newCell()]
    this.#flush()
    return this.#output.slice(0, -1)
  }

  #flush(): void {
    this.#layOut(0, this.#lines.length, [])
    this.#lines = []
  }

  /** Writes lines whose columns up to `widths` are known, finding the blocks of the next column. */
  #layOut(from: number, to: number, widths: readonly number[]): void {
    const column = widths.length
    const inColumn = (index: number) => column < this.#lines[index]!.length - 1
    let written = from
    for (let index = from; index < to; index++) {
      if (!inColumn(index)) continue
      this.#write(written, index, widths)
      const start = index
      while (index < to && inColumn(index)) index++
      this.#layOut(start, index, [...widths, this.#widthOf(start, index, column)])
      written = index
    }
    this.#write(written, to, widths)
  }

  #widthOf(from: number, to: number, column: number): number {
    const cells = this.#lines.slice(from, to).map((line) => line[column]!)
    if (cells.every((cell) => cell.text === '' && !cell.tab)) return 0
    return cells.reduce((widest, cell) => Math.max(widest, widthOf(cell)), 0) + 1
  }

  #write(from: number, to: number, widths: readonly number[]): void {
    for (const line of this.#lines.slice(from, to)) this.#output += `${lineText(line, widths)}\n`
  }
}

function newCell(): Cell {
  return { text: '', tab: false, kept: 0 }
}

function lineText(line: readonly Cell[], widths: readonly number[]): string {
  let text = ''
  let kept = 0
  let leading = true
  line.forEach((cell, column) => {
    if (cell.text !== '') leading = false
    if (cell.kept > 0) kept = text.length + cell.kept
    text += cell.text
    const width = widths[column]
    if (width === undefined) return
    text += leading
      ? '\t'.repeat(Math.ceil(width / TAB_WIDTH))
      : ' '.repeat(Math.max(0, width - widthOf(cell)))
  })
  return text.slice(0, kept) + text.slice(kept).replace(/[ \t]+$/, '')
}

/** In code points. */
function widthOf(cell: Cell): number {
  let width = 0
  for (const _ of cell.text) width++
  return width
}
