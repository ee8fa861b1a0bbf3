/** What both scanners are made from, besides the message tables themselves. */
import { type FieldTable, MESSAGES, type MessageName } from './messages.js'
import { isMessage, LEGACY_SCOPES_FIELD } from './schema.js'

/**
 * The largest request for WebAssembly: it is copied into memory that a module keeps. Larger ones
 * are scanned in JavaScript.
 */
export const WASM_BYTES_MAX = 4 * 1024 * 1024

/** These and the messages in them, outermost first. */
export function reachable(roots: readonly MessageName[]): Set<MessageName> {
  const found = new Set<MessageName>(roots)
  for (const message of found) {
    for (const { type } of Object.values(MESSAGES[message])) if (isMessage(type)) found.add(type)
  }
  return found
}

/** A bit for each field, by its number, which is below 32. */
export function knownFields(message: MessageName): number {
  return Object.values(MESSAGES[message]).reduce((mask, { number }) => mask | (1 << number), 0)
}

/**
 * A bit for each singular message and each oneof: what must not occur twice for views to be right.
 */
export function groupsOf(message: MessageName): Map<string, number> {
  const groups = new Map<string, number>()
  for (const [name, { type, repeated, oneof }] of Object.entries(MESSAGES[message])) {
    const group = oneof ?? (isMessage(type) && !repeated ? name : undefined)
    if (group !== undefined && !groups.has(group)) groups.set(group, 1 << groups.size)
  }
  return groups
}

/**
 * The field that lies before all others, and the bit that shows that one of those has come. It is
 * the next after the bits of the groups.
 */
export function firstField(
  message: MessageName,
): { readonly name: string; readonly repeated: boolean; readonly bit: number } | undefined {
  const found = Object.entries(MESSAGES[message]).find(([, { first }]) => first)
  if (!found) return undefined
  const [name, { repeated = false }] = found
  return { name, repeated, bit: 1 << groupsOf(message).size }
}

/** The field of old scopes, where a message may have them: read as what they became. */
export function legacyField(message: MessageName): FieldTable | undefined {
  const scopes = Object.values(MESSAGES[message]).find(({ type }) => /^Scope[A-Z]/.test(type))
  return scopes && { ...scopes, number: LEGACY_SCOPES_FIELD }
}
