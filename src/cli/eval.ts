import { type Environment, evaluateText, valueToJson } from '#config'
import { diagnosticToJson, renderDiagnostics } from '#grammar'
import type { Value } from '#sdk'
import type { ExitCode, Io } from './io.js'

/** Prints what an expression gives, as JSON. */
export function evaluateOne(
  text: string,
  environment: Environment,
  io: Io,
  variables: ReadonlyMap<string, Value> = new Map(),
): ExitCode {
  const { value, diagnostics } = evaluateText(text, environment, variables)
  if (value === undefined) {
    io.err(renderDiagnostics(diagnostics, io))
    return 1
  }
  io.out(`${valueToJson(value)}\n`)
  return 0
}

/**
 * Each line of input is an expression as a JSON string; each line of output its value or its error.
 */
export async function evaluateBatch(environment: Environment, io: Io): Promise<ExitCode> {
  const lines = Buffer.from(await io.input())
    .toString()
    .split('\n')
  for (const line of lines) {
    if (line.trim() !== '') io.out(`${answerTo(line, environment)}\n`)
  }
  return 0
}

function answerTo(line: string, environment: Environment): string {
  const text = parseString(line)
  if (text === undefined) return JSON.stringify({ error: 'the line is no JSON string' })
  const { value, diagnostics } = evaluateText(text, environment)
  if (value !== undefined) return `{"value": ${valueToJson(value)}}`
  return JSON.stringify({
    error: diagnostics[0]!.message,
    diagnostics: diagnostics.map(diagnosticToJson),
  })
}

function parseString(line: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    return typeof parsed === 'string' ? parsed : undefined
  } catch {
    return undefined
  }
}
