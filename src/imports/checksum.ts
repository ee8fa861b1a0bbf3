import { createHash } from 'node:crypto'
import { Permanent, string } from '#sdk'
import type { Texts } from './import-kind.js'

const SHA_256 = /^(?:sha256:)?([0-9a-f]{64})$/i

export const checksumField = string({
  about:
    'What the content must be: its SHA-256 in hex; of a folder that of all file names and contents.',
  check: (text) =>
    SHA_256.test(text) ? undefined : 'a SHA-256 in hex, such as "sha256:9f86d081..."',
})

/** Of one text its own, of several that of names and texts. */
export function checksumOf({ texts }: Texts): string {
  const hash = createHash('sha256')
  if (texts.length === 1) return hash.update(texts[0]!.text).digest('hex')
  for (const { name, text } of texts) {
    hash.update(`${name.slice(name.lastIndexOf('/') + 1)}\0${text}\0`)
  }
  return hash.digest('hex')
}

/** Throws `Permanent` unless the content is what `wanted` says. */
export function verify(texts: Texts, wanted: string | undefined): Texts {
  if (wanted === undefined) return texts
  const is = checksumOf(texts)
  const should = SHA_256.exec(wanted)?.[1]?.toLowerCase()
  if (is === should) return texts
  throw new Permanent(`its checksum is sha256:${is}, and should be sha256:${should}`)
}
