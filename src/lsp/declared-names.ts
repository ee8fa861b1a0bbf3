import type { ConfigView } from './view.js'

/** A component that the config makes itself. */
export interface CustomComponent {
  readonly name: string
  /** One sentence. */
  readonly about: string
}

/**
 * The components that `declare` and `import` blocks make, where they may be used: they are offered
 * beside those of the registry. The checker knows none so far.
 */
export function customComponents(_view: ConfigView): readonly CustomComponent[] {
  return []
}
