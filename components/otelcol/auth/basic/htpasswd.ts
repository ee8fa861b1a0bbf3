import { createHash, timingSafeEqual } from 'node:crypto'
import { Permanent } from '#sdk'

/**
 * Users and password hashes as htpasswd writes them: bcrypt, Apache's MD5, SHA-1 ({SHA}, {SSHA}),
 * crypt's SHA-256 and SHA-512, plain text.
 */
export class Htpasswd {
  readonly #hashes: ReadonlyMap<string, string>
  /**
   * Digests of credentials that passed: hashing is slow on purpose, and senders send many requests.
   */
  readonly #passed = new Set<string>()

  constructor(text: string) {
    this.#hashes = parse(text)
  }

  async verify(user: string, password: string): Promise<boolean> {
    const hash = this.#hashes.get(user)
    if (hash === undefined) return false
    const digest = createHash('sha256').update(`${user}\0${password}`).digest('base64')
    if (this.#passed.has(digest)) return true
    const passes = await matches(password, hash)
    if (passes) this.#passed.add(digest)
    return passes
  }
}

function parse(text: string): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const colon = line.indexOf(':')
    if (colon < 1) throw new Permanent(`cannot read htpasswd line ${index + 1}: it has no "user:"`)
    hashes.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim())
  }
  return hashes
}

// The libraries are loaded by the first password that needs them.
async function matches(password: string, hash: string): Promise<boolean> {
  if (/^\$2[aby]\$/.test(hash)) return (await import('bcryptjs')).compare(password, hash)
  if (/^\$[56]\$/.test(hash)) return (await import('unixcrypt')).verify(password, hash)
  if (hash.startsWith('$apr1$')) return equal((await apacheMd5())(password, hash), hash)
  if (hash.startsWith('{SHA}')) return equal(`{SHA}${sha1(password, '').toString('base64')}`, hash)
  if (hash.startsWith('{SSHA}')) {
    const salted = Buffer.from(hash.slice('{SSHA}'.length), 'base64')
    const salt = salted.subarray(20)
    return equal(Buffer.concat([sha1(password, salt), salt]).toString('base64'), hash.slice(6))
  }
  return equal(password, hash)
}

async function apacheMd5(): Promise<(password: string, hash: string) => string> {
  return (await import('apache-md5')).default
}

function sha1(password: string, salt: string | Uint8Array): Buffer {
  return createHash('sha1').update(password).update(salt).digest()
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
