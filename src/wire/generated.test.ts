import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pbjs } from 'protobufjs-cli'
import { expect, test } from 'vitest'
import { protobufDescriptor } from './descriptor.js'
import { generateScanner } from './generator.js'
import { assembleLogEntries } from './wasm/log-entries.js'
import { assembleNumberSeries } from './wasm/number-series.js'
import { assembleScanner } from './wasm/scanner.js'
import { assembleSha256 } from './wasm/sha256.js'

/** UPDATE=1 writes what the others compare. */
test.each([
  ['scan.ts', generateScanner],
  ['scan-wasm.ts', () => moduleFile('SCANNER', 'scanner.ts', assembleScanner())],
  ['sha256-wasm.ts', () => moduleFile('SHA256', 'sha256.ts', assembleSha256())],
  ['log-entries-wasm.ts', () => moduleFile('LOG_ENTRIES', 'log-entries.ts', assembleLogEntries())],
  [
    'number-series-wasm.ts',
    () => moduleFile('NUMBER_SERIES', 'number-series.ts', assembleNumberSeries()),
  ],
  ['protobuf.ts', generateCodecs],
])('the committed %s is what the tables give', (name, generate) => {
  const path = new URL(`./generated/${name}`, import.meta.url)
  const made = generate()
  if (process.env['UPDATE'] === '1') writeFileSync(path, made)
  expect(readFileSync(path, 'utf8')).toBe(made)
})

/** Modules are kept as they are: writing one anew for each start would take 20 ms. */
function moduleFile(name: string, maker: string, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(/.{1,96}/g)!
  return `/**
 * Made by ../wasm/${maker}: UPDATE=1 npx vitest run src/wire/generated.test.ts
 */
export const ${name}_BASE64 = \`
${lines.join('\n')}
\`
`
}

/** Around what pbjs makes: a function, so that protobufjs need be loaded only when it is used. */
const WRAPPER = `/**
 * Made from ../messages.ts by pbjs: UPDATE=1 npx vitest run src/wire/generated.test.ts
 */
// @ts-nocheck
export function createCodecs($protobuf) {
$OUTPUT;
return $root;
}
`

/** Neither what is not used nor the comments, which are for documentation of each message. */
const PARTS = ['create', 'verify', 'convert', 'delimited', 'typeurl', 'service', 'comments']

function generateCodecs(): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-codecs-'))
  try {
    const [schema, wrapper] = [join(folder, 'otlp.json'), join(folder, 'wrapper.ts')]
    writeFileSync(schema, JSON.stringify(protobufDescriptor()))
    writeFileSync(wrapper, WRAPPER)
    let made = ''
    pbjs.main(
      [
        ...['--target', 'static-module', '--wrap', wrapper, '--root', 'otlp', '--lint', ''],
        ...PARTS.map((part) => `--no-${part}`),
        schema,
      ],
      (error, output) => {
        if (error) throw error
        made = output ?? ''
      },
    )
    return made
  } finally {
    rmSync(folder, { recursive: true })
  }
}
