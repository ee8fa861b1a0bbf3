import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'vitest'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Recorded cases with their expected results; they live beside the checkout, not in it. */
const FOLDER = resolve(ROOT, process.env['WEIR_CORPUS'] ?? '../shared/corpus')

/**
 * WEIR_REQUIRE=1 makes an absent corpus a failure, unless WEIR_REQUIRE_CORPUS=0 says it cannot be
 * had.
 */
const REQUIRED = process.env['WEIR_REQUIRE'] === '1' && process.env['WEIR_REQUIRE_CORPUS'] !== '0'

/**
 * The parsed file, or undefined where the corpus is absent: then a test that says so stands in for
 * the file's cases. A file without cases is an error.
 */
export function corpus<T extends { readonly cases: readonly unknown[] }>(
  path: string,
): T | undefined {
  const file = join(FOLDER, path)
  if (!existsSync(file)) {
    test(`${path} of the corpus`, ({ skip }) => {
      if (REQUIRED) throw new Error(`${file} is absent and WEIR_REQUIRE is set`)
      skip(`${file} is absent: set WEIR_CORPUS to the folder of the corpus`)
    })
    return undefined
  }
  const parsed = JSON.parse(readFileSync(file, 'utf8')) as T
  if (parsed.cases.length === 0) throw new Error(`${file} holds no cases`)
  return parsed
}
