import { html } from 'hono/html'

/** A piece of a page, with everything that came from outside escaped. */
export type Html = ReturnType<typeof html>

/** Several pieces, one after the other. */
export function joined(parts: readonly Html[]): Html {
  return html`${parts}`
}
