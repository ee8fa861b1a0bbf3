import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

const manifest = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as {
  imports: Record<string, string>
}

/** Each alias of package.json `imports`, pointed back from what tsc makes to the source. */
export const SOURCE_OF: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(manifest.imports).map(([name, target]) => [
    name,
    resolve(ROOT, target.replace('./dist/', '').replace(/\.js$/, '.ts')),
  ]),
)
