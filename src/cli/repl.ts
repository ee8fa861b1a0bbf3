import { type Environment, evaluateText, valueToJson } from '#config'
import { renderDiagnostics } from '#grammar'
import { Secret, type Value } from '#sdk'
import { askAgent, unreachable } from './ask-agent.js'
import type { ExitCode, Io } from './io.js'

type Names = Map<string, Value>

const HELP = `\
Type an expression to see what it gives, or NAME = EXPRESSION to keep it.
  :names    what may be named beside the standard library
  :refresh  ask the agent again for its exports
  :quit     leave
`

const KEPT = /^([a-z_]\w*)\s*=(?!=)\s*(.+)$/i

/** Answers a line at a time, until the end of the input. */
export async function repl(
  environment: Environment,
  agent: string | undefined,
  io: Io,
): Promise<ExitCode> {
  const kept: Names = new Map()
  let exported = await namesOf(agent, io)
  if (!exported) return 1
  for await (const line of io.lines('> ')) {
    const text = line.trim()
    if (text === ':quit') break
    if (text === '') continue
    if (text === ':help') io.err(HELP)
    else if (text === ':names') io.out(listing([...exported.keys(), ...kept.keys()]))
    else if (text === ':refresh') exported = (await namesOf(agent, io)) ?? exported
    else answer(text, new Map([...exported, ...kept]), kept)
  }
  return 0

  function answer(text: string, names: Names, into: Names): void {
    const [, name, value = text] = KEPT.exec(text) ?? []
    const given = evaluateText(value, environment, names)
    if (given.value === undefined) io.err(renderDiagnostics(given.diagnostics, io))
    else if (name === undefined) io.out(`${valueToJson(given.value)}\n`)
    else into.set(name, given.value)
  }
}

function listing(names: readonly string[]): string {
  return [...new Set(names)]
    .sort()
    .map((name) => `${name}\n`)
    .join('')
}

async function namesOf(agent: string | undefined, io: Io): Promise<Names | undefined> {
  return agent === undefined ? new Map() : exportsOfAgent(agent, io)
}

/**
 * What the components of a running agent export, by the first names of their ids; secrets stay
 * hidden, and consumers are the ids of their owners. Undefined, with an error told, when the agent
 * does not answer.
 */
export async function exportsOfAgent(agent: string, io: Io): Promise<Names | undefined> {
  try {
    const { body } = await askAgent(agent, '/api/v1/components')
    // What is inside of modules cannot be named from outside.
    const ids = (body as readonly { readonly id: string }[])
      .map(({ id }) => id)
      .filter((id) => !id.includes('/'))
    const root: Names = new Map()
    for (const id of ids) {
      const detail = await askAgent(agent, `/api/v1/components/${encodeURIComponent(id)}`)
      const { exports } = detail.body as { readonly exports?: object }
      if (exports && Object.keys(exports).length > 0) nest(root, id.split('.'), exports)
    }
    return root
  } catch (error) {
    const { message, help } = unreachable(agent, error)
    io.err(`error: ${message}\n  = help: ${help}\n`)
    return undefined
  }
}

function nest(root: Names, path: readonly string[], exports: object): void {
  let at = root
  for (const name of path.slice(0, -1)) {
    const known = at.get(name)
    const next: Names = known instanceof Map ? (known as Names) : new Map()
    at.set(name, next)
    at = next
  }
  at.set(path.at(-1)!, valueOfJson(exports))
}

/** As the admin API shows a secret. */
const HIDDEN = '(secret)'

function valueOfJson(json: unknown): Value {
  if (json === HIDDEN) return new Secret(HIDDEN)
  if (typeof json === 'number') return Number.isSafeInteger(json) ? BigInt(json) : json
  if (Array.isArray(json)) return json.map(valueOfJson)
  if (typeof json !== 'object' || json === null) return json as Value
  return new Map(Object.entries(json).map(([name, one]) => [name, valueOfJson(one)]))
}
