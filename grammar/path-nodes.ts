/**
 * Names and the paths they make up are most of a tree. They hold offsets and make spans when asked:
 * a fifth of the tree's memory less, which the garbage collector copies while a file is read. The
 * fields are declared only, since V8 runs initializers as a function of their own.
 */
import type { Access, Expression, Identifier, Reference } from './ast.js'
import type { Source, Span } from './source.js'

export class Name implements Identifier {
  declare readonly text: string
  declare readonly source: Source
  declare readonly start: number

  constructor(text: string, source: Source, start: number) {
    this.text = text
    this.source = source
    this.start = start
  }

  get span(): Span {
    const { source, start, text } = this
    return { source, start, end: start + text.length }
  }
}

export class NameReference implements Reference {
  declare readonly kind: 'reference'
  declare readonly name: Name

  constructor(name: Name) {
    this.kind = 'reference'
    this.name = name
  }

  get span(): Span {
    return this.name.span
  }
}

export class NameAccess implements Access {
  declare readonly kind: 'access'
  declare readonly value: Expression
  declare readonly name: Name
  /** Where the value starts. */
  declare readonly start: number

  constructor(value: Expression, name: Name, start: number) {
    this.kind = 'access'
    this.value = value
    this.name = name
    this.start = start
  }

  get span(): Span {
    const { name, start } = this
    return { source: name.source, start, end: name.start + name.text.length }
  }
}
