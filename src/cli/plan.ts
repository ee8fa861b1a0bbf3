import { type CheckOptions, checkConfig, type Program, readSources } from '#config'
import { type Diagnostic, diagnosticToJson, renderDiagnostics } from '#grammar'
import { planBetween } from '#graph'
import { systemFiles } from '#sdk'
import { askAgent, unreachable } from './ask-agent.js'
import type { ExitCode, Io } from './io.js'

/** What the admin API answers, as far as it is used here. */
interface Answer {
  readonly steps: readonly {
    readonly id: string
    readonly action: string
    readonly touches: readonly string[]
  }[]
  readonly diagnostics: readonly {
    readonly file: string
    readonly line: number
    readonly column: number
    readonly severity: string
    readonly message: string
    readonly help?: string
  }[]
}

const MARKS: Readonly<Record<string, string>> = {
  keep: ' ',
  create: '+',
  replace: '~',
  remove: '-',
}

/** Asks a running agent what loading `path` would change. */
export async function plan(
  path: string,
  options: { readonly agent: string; readonly json?: boolean },
  io: Io,
): Promise<ExitCode> {
  const { sources, diagnostics } = await readSources(path, systemFiles, io.input)
  if (diagnostics.length > 0) {
    io.err(renderDiagnostics(diagnostics, io))
    return 1
  }
  const files = sources.map(({ name, text }) => ({ name, text }))
  let answer: Answer
  try {
    const body = JSON.stringify({ files })
    const { status, body: answered } = await askAgent(options.agent, '/api/v1/plan', {
      method: 'POST',
      body,
    })
    if (status !== 200 && status !== 400) throw new Error(`it answered ${status}`)
    answer = answerOf(answered)
  } catch (error) {
    const { message, help } = unreachable(options.agent, error)
    io.err(`error: ${message}\n  = help: ${help}\n`)
    return 1
  }
  if (options.json) io.out(`${JSON.stringify(answer, undefined, 2)}\n`)
  else io.out(planText(answer))
  return answer.diagnostics.some(({ severity }) => severity === 'error') ? 1 : 0
}

/** What an agent that runs one config would do with another; nothing is asked and nothing runs. */
export async function planFiles(
  from: string,
  to: string,
  json: boolean,
  options: CheckOptions,
  io: Io,
): Promise<ExitCode> {
  const programs: Program[] = []
  let found: readonly Diagnostic[] = []
  for (const path of [from, to]) {
    const { program, diagnostics } = await checkConfig(path, systemFiles, io.input, options)
    found = diagnostics
    if (program) programs.push(program)
    else break
  }
  const [before, after] = programs
  if (!before || !after) {
    io.err(renderDiagnostics(found, io))
    return 1
  }
  const answer = { steps: planBetween(before, after), diagnostics: found.map(diagnosticToJson) }
  io.out(json ? `${JSON.stringify(answer, undefined, 2)}\n` : planText(answer))
  return 0
}

/** Something else may listen there. */
function answerOf(body: unknown): Answer {
  const { steps, diagnostics } = (body ?? {}) as Partial<Record<keyof Answer, unknown>>
  if (!Array.isArray(steps) || !Array.isArray(diagnostics)) {
    throw new Error('what it answered is no plan')
  }
  return body as Answer
}

function planText({ steps, diagnostics }: Answer): string {
  const lines = diagnostics.map(
    ({ file, line, column, severity, message, help }) =>
      `${severity}: ${file}:${line}:${column}: ${message}${help ? `; ${help}` : ''}`,
  )
  const count = (action: string) => steps.filter((step) => step.action === action).length
  for (const { id, action, touches } of steps) {
    if (action === 'keep') continue
    lines.push(`${MARKS[action]} ${action} ${id}`, ...touches.map((touch) => `    ${touch}`))
  }
  if (steps.length > 0) {
    lines.push(
      `${count('keep')} kept, ${count('create')} created, ${count('replace')} replaced, ` +
        `${count('remove')} removed`,
    )
  }
  return `${lines.join('\n')}\n`
}
