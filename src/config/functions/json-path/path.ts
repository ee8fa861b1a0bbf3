/** A JSONPath (RFC 9535, with what Alloy's reader allows beside it) as data. */

export type Segment =
  | { readonly kind: 'root' | 'current' }
  /** Of all descendants when `deep`, innermost first. */
  | { readonly kind: 'select'; readonly selectors: readonly Selector[]; readonly deep: boolean }
  /** `..` at the end: every descendant and the value itself. */
  | { readonly kind: 'everything' }

export type Path = readonly Segment[]

export type Selector =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'wildcard' }
  | {
      readonly kind: 'slice'
      readonly start: number | undefined
      readonly end: number | undefined
      readonly step: number
    }
  | { readonly kind: 'filter'; readonly test: Test }

/** What a filter computes. */
export type Test =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null | undefined }
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'list'; readonly items: readonly Test[] }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'not'; readonly test: Test }
  | { readonly kind: 'call'; readonly name: FilterFunction; readonly arguments: readonly Test[] }
  | {
      readonly kind: 'binary'
      readonly operator: FilterOperator
      readonly left: Test
      readonly right: Test
    }

/** Functions of filters, with the number of their arguments. */
export const FILTER_FUNCTIONS = { length: 1, count: 1, match: 2, search: 2 } as const
export type FilterFunction = keyof typeof FILTER_FUNCTIONS

/** Operators from those that bind least; within a level they group from the left. */
export const FILTER_OPERATORS = [
  ['||'],
  ['&&'],
  ['==', '!=', '<=', '>=', '=~', '~=', '<', '>', 'in', 'empty', 'has', 'exists'],
  ['+', '-'],
  ['*', '/'],
] as const
export type FilterOperator = (typeof FILTER_OPERATORS)[number][number]
