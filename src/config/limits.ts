/** What an expression may make: enough for every config, and never the process's end. */
export const LIMITS = {
  /** UTF-16 units of a string. */
  textLength: 16 * 1024 * 1024,
  textTooLong: 'the result is longer than 16 MiB',
  /** Items of a list that a function makes, and nodes of a document it reads. */
  items: 1_000_000,
  tooManyItems: 'the result has more than 1000000 items',
  /** Levels of a document that a function reads, as of an expression's brackets. */
  depth: 200,
  tooDeep: 'it is nested deeper than 200 levels',
  /** Levels of an argument: a document within brackets. */
  argumentDepth: 500,
  argumentTooDeep: 'it is nested deeper than 500 levels',
} as const
