import type { html } from 'hono/html'

/** A piece of a page, with everything that came from outside escaped. */
export type Html = ReturnType<typeof html>
