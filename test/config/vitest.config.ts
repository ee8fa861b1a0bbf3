import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const manifest = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  imports: Record<string, string>
}

/** Tests run the source: each alias of package.json `imports` is pointed back from dist to it. */
const alias = Object.entries(manifest.imports).map(([name, target]) => ({
  find: new RegExp(`^${name}$`),
  replacement: resolve(root, target.replace('./dist/', '').replace(/\.js$/, '.ts')),
}))

const e2e = process.env['WEIR_E2E'] === '1'

export default defineConfig({
  root,
  resolve: { alias },
  test: {
    include: e2e ? ['test/e2e/**/*.e2e.ts'] : ['**/*.test.ts'],
    setupFiles: e2e ? ['test/support/check-ledgers.ts'] : [],
    exclude: ['**/node_modules/**', 'dist/**'],
    testTimeout: e2e ? 180_000 : 20_000,
    hookTimeout: e2e ? 180_000 : 20_000,
    fileParallelism: !e2e,
    // Modules are loaded once a worker and not once a file: half the time.
    pool: 'threads',
    isolate: false,
  },
})
