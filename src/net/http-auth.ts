import type { SecretSource } from './secret-file.js'

/** Puts credentials on requests. */
export interface HttpAuth {
  /**
   * The value of `Authorization`. Rejects with Retryable where it has to be fetched and cannot be
   * within `timeoutMs`.
   */
  authorization(timeoutMs: number): Promise<string>
  /** The server would not have `value`. */
  refused(value: string): void
}

/** A user and a password: RFC 7617. */
export function basicAuth(user: string, password: SecretSource): HttpAuth {
  return authOf(password, (text) => `Basic ${Buffer.from(`${user}:${text}`).toString('base64')}`)
}

/** Credentials that are sent as they are, behind the name of their scheme. */
export function plainAuth(scheme: string, credentials: SecretSource): HttpAuth {
  return authOf(credentials, (text) => `${scheme} ${text}`)
}

function authOf(source: SecretSource, headerOf: (secret: string) => string): HttpAuth {
  return {
    authorization: () => Promise.resolve(headerOf(source.text)),
    refused: () => source.refresh(),
  }
}
