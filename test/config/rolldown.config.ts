/**
 * The program as a few files in dist/weir: an agent of 400 modules takes twice as long to start.
 * Packages stay what npm installed. What is found by `import.meta.url` lies beside or below the
 * module that asks for it, here as in the source.
 */
import { cpSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'rolldown'
import { ROOT, SOURCE_OF } from './aliases.js'

const INTO = resolve(ROOT, 'dist/weir')

export default defineConfig({
  cwd: ROOT,
  input: { main: 'src/main.ts', 'layout-worker': 'src/web/graph/layout-worker.ts' },
  platform: 'node',
  resolve: { alias: { ...SOURCE_OF }, extensionAlias: { '.js': ['.ts', '.js'] } },
  external: (id) => /^[^./#]/.test(id) && !id.startsWith('@oxc-project/'),
  transform: { target: 'es2023' },
  output: { dir: INTO, cleanDir: true, sourcemap: true, chunkFileNames: '[name].js' },
  plugins: [
    {
      name: 'browser-files',
      writeBundle: () =>
        cpSync(resolve(ROOT, 'src/web/browser'), resolve(INTO, 'browser'), { recursive: true }),
    },
  ],
})
