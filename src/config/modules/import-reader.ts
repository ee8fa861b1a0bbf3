/** An import whose texts are wanted. */
export interface ImportRequest {
  /** "import.file.lib"; in another import with that one's before it. */
  readonly id: string
  /** "import.file". */
  readonly name: string
  /** Its arguments, decoded. */
  readonly values: object
  /** What relative paths start from. */
  readonly folder: string
}

/** What an import brings. */
export interface ImportedTexts {
  /** A text that has not changed may be the same object as before: it is not parsed again. */
  readonly texts: readonly { readonly name: string; readonly text: string }[]
  /** What relative paths in it start from. */
  readonly folder: string
  /** Why these are the last good ones, and not what is there now. */
  readonly stale: string | undefined
}

/** Gets the texts of imports from wherever they are. */
export interface ImportReader {
  /** Rejects with `Retryable` or `Permanent` where there is nothing to be had. */
  read(request: ImportRequest): Promise<ImportedTexts>
  /**
   * Told of the imports of a config once that has been checked: for each the first error in what it
   * brings, or undefined. What an accepted config was made of is what a later start may fall back
   * on.
   */
  judge(faults: ReadonlyMap<string, string | undefined>, isAccepted: boolean): Promise<void>
}
