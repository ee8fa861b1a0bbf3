import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Hono } from 'hono'

const require = createRequire(import.meta.url)
const fileOf = (name: string) => require.resolve(name)

interface Asset {
  readonly type: string
  read(): Promise<string | Uint8Array>
}

const SCRIPT = 'text/javascript; charset=utf-8'
const STYLES = 'text/css; charset=utf-8'
/** Of a file of our own. */
const own = (name: string) => readFile(fileURLToPath(new URL(`./browser/${name}`, import.meta.url)))

/** All that pages load: nothing comes from elsewhere. */
const ASSETS: Readonly<Record<string, Asset>> = {
  'weir.css': { type: STYLES, read: () => own('weir.css') },
  'uplot.css': { type: STYLES, read: () => readFile(fileOf('uplot/dist/uPlot.min.css')) },
  'htmx.js': { type: SCRIPT, read: () => readFile(fileOf('htmx.org/dist/htmx.min.js')) },
  'uplot.js': { type: SCRIPT, read: () => readFile(fileOf('uplot/dist/uPlot.iife.min.js')) },
  'weir.js': { type: SCRIPT, read: () => own('weir.js') },
  'icon.svg': { type: 'image/svg+xml', read: async () => ICON },
}

/** Water over a sill. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0f6e84"/>' +
  '<path d="M5 11h9c5 0 5 10 13 10M5 16h7c4 0 4 9 10 9" fill="none" ' +
  'stroke="#fff" stroke-width="2.6" stroke-linecap="round"/></svg>'

export function addAssets(app: Hono): void {
  app.get('/assets/:name', async (context) => {
    const asset = ASSETS[context.req.param('name')]
    if (!asset) return context.notFound()
    const content = Buffer.from(await asset.read())
    const tag = `"${createHash('sha256').update(content).digest('hex').slice(0, 16)}"`
    const headers = { 'content-type': asset.type, 'cache-control': 'no-cache', etag: tag }
    if (context.req.header('if-none-match') === tag) return context.body(null, 304, headers)
    return context.body(content, 200, headers)
  })
}
