import { generate, type SelfsignedOptions } from 'selfsigned'

export interface Certificate {
  readonly cert: string
  readonly key: string
}

export interface Authority extends Certificate {
  /** A certificate of this authority, for these DNS names and for 127.0.0.1. */
  issue(names: readonly string[], options?: SelfsignedOptions): Promise<Certificate>
}

const EC: SelfsignedOptions = { keyType: 'ec', algorithm: 'sha256' }

/** An authority that nobody knows yet. */
export async function makeAuthority(name: string): Promise<Authority> {
  const made = await generate([{ name: 'commonName', value: name }], {
    ...EC,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const ca = { cert: made.cert, key: made.private }
  return {
    ...ca,
    issue: async (names, options = {}) => {
      const { cert, private: key } = await generate(
        [{ name: 'commonName', value: names[0] ?? 'client' }],
        {
          ...EC,
          ca,
          extensions: [
            { name: 'basicConstraints', cA: false },
            { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
            {
              name: 'subjectAltName',
              altNames: [
                ...names.map((value) => ({ type: 2 as const, value })),
                { type: 7, ip: '127.0.0.1' },
              ],
            },
          ],
          ...options,
        },
      )
      return { cert, key }
    },
  }
}
