import { resolve } from 'node:path'
import { type Diagnostic, diagnose, type Note, type Span } from '#grammar'
import type { Claim, Field, Schema } from '#sdk'
import { locate } from '../decode-body.js'
import { type Frame, inFrame } from '../modules/frame.js'
import type { Linted } from './lint.js'

/** What a component asks to have for itself. */
interface Claimed {
  readonly id: string
  readonly text: string
  readonly at: Span
  readonly frame: Frame
}

/** Two listeners on one address, two writers to one path. */
export function duplicateClaims({ nodes, decoded }: Linted): readonly Diagnostic[] {
  const claims: Record<Claim, Claimed[]> = { address: [], path: [] }
  for (const node of nodes) {
    const { id, definition, block, frame } = node
    const body = decoded.get(id)
    if (!body || frame.isPhantom) continue
    for (const { claim, text, path } of claimsOf(definition.schema, body.values)) {
      claims[claim].push({ id, text, at: locate(block, { path }), frame })
    }
  }
  return [
    ...clashes(claims.address, addressesClash).map(([one, other, notes]) => {
      const facts = { address: one.text, other: other.id, otherAddress: other.text }
      return inFrame(one.frame, diagnose('duplicate-address', one.at, facts, notes))
    }),
    ...clashes(claims.path, (a, b) => resolve(a) === resolve(b)).map(([one, other, notes]) => {
      const facts = { path: one.text, other: other.id }
      return inFrame(one.frame, diagnose('duplicate-path', one.at, facts, notes))
    }),
  ]
}

/** What the decoded arguments of a schema claim, and the path to what says so. */
export function claimsOf(schema: Schema, values: object): readonly Claiming[] {
  return hasClaims(schema) ? [...claimsIn(schema, values, [])] : []
}

export interface Claiming {
  readonly claim: Claim
  readonly text: string
  readonly path: Path
}

type Path = readonly (string | number)[]

function* claimsIn(schema: Schema, values: object, path: Path): Generator<Claiming> {
  const { listens, fields } = schema
  const written = values as Readonly<Record<string, unknown>>
  // What is not known yet is undefined.
  if (listens?.attributes.every((name) => written[name] !== undefined)) {
    const text = listens.on(values as never)
    yield { claim: 'address', text, path: [...path, listens.attributes.at(-1)!] }
  }
  for (const [name, field] of Object.entries(fields)) {
    const value = written[name]
    if (value === undefined || value === null) continue
    if (field.form === 'block') {
      const bodies = field.repeated ? (value as readonly object[]) : [value as object]
      for (const [index, body] of bodies.entries()) {
        yield* claimsIn(field.schema, body, [...path, name, index])
      }
      continue
    }
    const claim = claimOf(field)
    if (!claim || typeof value !== 'string' || value === '') continue
    yield { claim, text: value, path: [...path, name] }
  }
}

/** Most have none, and the bodies of thousands need not be walked. */
function hasClaims(schema: Schema): boolean {
  const known = CLAIMING.get(schema)
  if (known !== undefined) return known
  const found =
    schema.listens !== undefined ||
    Object.values(schema.fields).some((field) =>
      field.form === 'block' ? hasClaims(field.schema) : claimOf(field) !== undefined,
    )
  CLAIMING.set(schema, found)
  return found
}

const CLAIMING = new WeakMap<Schema, boolean>()

function claimOf(field: Field): Claim | undefined {
  return field.form === 'attribute' && field.type.kind === 'string' ? field.type.claims : undefined
}

/** Each claim that another component has made before, with the first such. */
function clashes(
  claimed: readonly Claimed[],
  clash: (a: string, b: string) => boolean,
): readonly (readonly [Claimed, Claimed, readonly Note[]])[] {
  return claimed.flatMap((one, index) => {
    const earlier = claimed
      .slice(0, index)
      .find((other) => other.id !== one.id && clash(one.text, other.text))
    if (!earlier) return []
    return [[one, earlier, [{ message: 'the first one is here', at: earlier.at }]] as const]
  })
}

const ADDRESS = /^(.*):(\d+)$/
const EVERY_INTERFACE: ReadonlySet<string> = new Set(['', '0.0.0.0', '[::]'])

/** Addresses with one port and one interface between them; paths of sockets when they are one. */
function addressesClash(a: string, b: string): boolean {
  const [one, other] = [ADDRESS.exec(a), ADDRESS.exec(b)]
  if (!one || !other) return a === b
  const [, host = '', port] = one
  const [, otherHost = '', otherPort] = other
  // Port 0 is any that is free.
  if (port !== otherPort || Number(port) === 0) return false
  const hosts = [host, otherHost].map((name) => (name === 'localhost' ? '127.0.0.1' : name))
  return hosts[0] === hosts[1] || hosts.some((name) => EVERY_INTERFACE.has(name))
}
