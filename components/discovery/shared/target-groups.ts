import { messageOf, Permanent, type Target } from '#sdk'

/** Larger documents are refused: their targets become part of other components' arguments. */
export const DOCUMENT_BYTES_MAX = 64 * 1024 * 1024

/** What a document of target groups is written in. */
export type GroupFormat = 'json' | 'yaml'

/**
 * The targets of a document such as `[{"targets": ["host:80"], "labels": {"job": "a"}}]`, each with
 * the labels of its group and with `more`. Rejects with Permanent that says what is wrong with it;
 * `name` is what it calls the document.
 */
export async function readTargetGroups(
  name: string,
  bytes: Uint8Array,
  format: GroupFormat,
  more: readonly (readonly [string, string])[],
): Promise<readonly Target[]> {
  const groups = await documentOf(name, Buffer.from(bytes).toString(), format)
  if (!Array.isArray(groups)) throw new Permanent(`${name} holds no list of target groups`)
  return groups.flatMap((group: unknown, index) => {
    try {
      return targetsOf(group, more)
    } catch (error) {
      throw new Permanent(`${name}: group ${index + 1}: ${messageOf(error)}`, { cause: error })
    }
  })
}

async function documentOf(name: string, text: string, format: GroupFormat): Promise<unknown> {
  try {
    if (format === 'json') return JSON.parse(text)
    // Loaded when there is some.
    const { parse } = await import('yaml')
    // Of this schema all scalars are texts, so that the label "on" is no boolean.
    return parse(text, { schema: 'failsafe' }) ?? []
  } catch (error) {
    const [reason] = messageOf(error).split('\n')
    throw new Permanent(`${name} is no ${format === 'json' ? 'JSON' : 'YAML'}: ${reason}`, {
      cause: error,
    })
  }
}

function targetsOf(
  group: unknown,
  more: readonly (readonly [string, string])[],
): readonly Target[] {
  const { targets = [], labels = {}, ...others } = asObject(group, 'it is no object')
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw new Permanent(`there is no field "${unknown}"`)
  if (!Array.isArray(targets) || !targets.every((one) => typeof one === 'string')) {
    throw new Permanent('"targets" needs a list of texts')
  }
  const shared = Object.entries(asObject(labels ?? {}, '"labels" needs an object'))
  for (const [label, value] of shared) {
    if (typeof value !== 'string') throw new Permanent(`the label "${label}" needs a text`)
    if (label === '') throw new Permanent('a label has no name')
  }
  const common = [...(shared as [string, string][]), ...more]
  return targets.map((address: string) => new Map([...common, ['__address__', address]]))
}

function asObject(value: unknown, fault: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Permanent(fault)
  }
  return value as Record<string, unknown>
}
