import { defineConfig } from 'vitest/config'
import { ROOT, SOURCE_OF } from './aliases.js'

/** Tests run the source. */
const alias = Object.entries(SOURCE_OF).map(([name, replacement]) => ({
  find: new RegExp(`^${name}$`),
  replacement,
}))

const e2e = process.env['WEIR_E2E'] === '1'

export default defineConfig({
  root: ROOT,
  resolve: { alias },
  test: {
    include: e2e ? ['test/e2e/**/*.e2e.ts'] : ['**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    testTimeout: e2e ? 180_000 : 20_000,
    hookTimeout: e2e ? 180_000 : 20_000,
    fileParallelism: !e2e,
    // Modules are loaded once a worker and not once a file: half the time.
    pool: 'threads',
    isolate: false,
  },
})
