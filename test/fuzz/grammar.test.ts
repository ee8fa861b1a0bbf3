/**
 * The grammar on damaged texts: it never throws, its spans lie in the text, and what it takes is
 * formatted into a text with the same tree. WEIR_SEED repeats a run.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type Diagnostic, format, parseExpression, parseFile, readSource, Source } from '#grammar'
import { randomFrom } from '#support'

const GOLDEN = join(dirname(fileURLToPath(import.meta.url)), '../golden/diagnostics/syntax')
const ROUNDS = 3_000
const seed = Number(process.env['WEIR_SEED'] ?? Math.floor(performance.timeOrigin % 2 ** 31))

const VALID = `// A config.
logging {
	level = "info"
}

otelcol.receiver.otlp "default" {
	grpc { endpoint = "0.0.0.0:4317" } /* both
	protocols */
	output {
		metrics = [otelcol.processor.batch.default.input, x[0]["a"].b(1, 2)]
		limits  = { "a b" = -1.5e3 ^ 2, c = !true || null == (1 + 2), }
		query   = \`raw
		text\` + string.format("%d\\t%s\\u00e9",
			4, // four
			"x",
		)
	}
}
`

const PIECES = (
  'a b1 é true null 1 1.5 .5 1e " "s" "" ` `r` \' # ? ; : | & || && = == ! != < ' +
  '<= > >= + - * / % ^ { } ( ) [ ] , . // /* */ /**/ ' +
  '\\ \\q \\n \\x4 \\ud800 \0 \uFEFF \uFFFD \ud800 😀 \u00a0 …'
)
  .split(' ')
  .concat([' ', '\n', '\r\n', '\t', '// c\n', '{\n', '[\n', ',\n', 'a = 1\n', 'b "l" {\n', '}\n'])

test(`damaged texts (seed ${seed})`, () => {
  const random = randomFrom(seed)
  const bad = readdirSync(GOLDEN).map((name) => readFileSync(join(GOLDEN, name), 'utf8'))
  const samples = [VALID, VALID, VALID, ...bad.filter((text) => text.length < 2_000)]
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!
  const outcomes = { valid: 0, invalid: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    const text = [
      () => soup(random, pick),
      () => damaged(pick(samples), random, pick),
      () => loosened(VALID, random, pick),
    ][round % 3]!()
    const source = round % 5 === 0 ? bytesOf(text, random) : new Source('fuzz', text)
    try {
      checkExpression(source)
      const { file, diagnostics } = parseFile(source)
      checkDiagnostics(source, diagnostics)
      outcomes[diagnostics.length === 0 ? 'valid' : 'invalid']++
      if (diagnostics.length > 0) continue
      const formatted = format(file)
      const again = parseFile(new Source('fuzz', formatted))
      expect(again.diagnostics).toEqual([])
      expect(format(again.file)).toBe(formatted)
    } catch (error) {
      throw new Error(`seed ${seed} round ${round}: ${JSON.stringify(source.text)}`, {
        cause: error,
      })
    }
  }
  // Damage that always or never breaks a text would find little.
  expect(Math.min(outcomes.valid, outcomes.invalid)).toBeGreaterThan(ROUNDS / 20)
})

type Pick = <T>(of: readonly T[]) => T

function soup(random: () => number, pick: Pick): string {
  return Array.from({ length: 1 + random() * 20 }, () => pick(PIECES)).join(pick(['', ' ']))
}

/** Other white space and more comments, which mostly leave a text valid. */
function loosened(sample: string, random: () => number, pick: Pick): string {
  const gaps = ['', '  ', '\t', ' /* c */ ', ' /* c\n */ ', '\n', ' // c\n']
  const rate = random() / 10
  return sample.replace(/[ \n]/g, (gap) => (random() < rate ? gap + pick(gaps) : gap))
}

function damaged(sample: string, random: () => number, pick: Pick): string {
  let text = sample
  for (let count = random() * 3; count >= 0; count--) {
    const at = Math.floor(random() * text.length)
    const length = Math.floor(random() * 4)
    const piece = pick(['', '', ...PIECES, text.slice(at, at + 8)])
    text = text.slice(0, at) + piece + text.slice(at + length)
  }
  return text
}

function bytesOf(text: string, random: () => number): Source {
  const bytes = Buffer.from(text)
  if (random() < 0.5) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
  return readSource('fuzz', bytes)
}

function checkExpression(source: Source): void {
  const { expression, diagnostics } = parseExpression(source)
  checkDiagnostics(source, diagnostics)
  if (diagnostics.length === 0) expect(expression).toBeDefined()
}

function checkDiagnostics(source: Source, diagnostics: readonly Diagnostic[]): void {
  expect(diagnostics.length).toBeLessThanOrEqual(50)
  const lines = diagnostics.map(({ at }) => source.lineAt(at.start))
  expect(new Set(lines).size).toBe(lines.length)
  for (const { at, notes } of diagnostics) {
    for (const span of [at, ...notes.map((note) => note.at)]) {
      const inside = span.start >= 0 && span.start <= span.end && span.end <= source.text.length
      expect(inside, `${span.start} to ${span.end}`).toBe(true)
    }
  }
}
