/** Somebody who asks the admin address: node:http, on a connection of its own. */
import { type IncomingHttpHeaders, request as plainRequest, type RequestOptions } from 'node:http'
import { request as secureRequest } from 'node:https'

export interface AdminRequest {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Says that the body is so long, and sends none. */
  readonly announcedBytes?: number
  /** Trusted where the address begins with "https:"; there with the client's own certificate. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

export interface AdminAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** `path` goes out as it is, even where it is no path. */
export function askAdmin(
  address: string,
  path: string,
  { body, announcedBytes, ...options }: AdminRequest = {},
): Promise<AdminAnswer> {
  const { hostname, port, protocol } = new URL(address)
  const target: RequestOptions = { host: hostname.replace(/[[\]]/g, ''), port, path, agent: false }
  const ask = protocol === 'https:' ? secureRequest : plainRequest
  return new Promise((resolve, reject) => {
    const request = ask({ ...target, servername: 'localhost', ...options })
    request.once('error', reject)
    request.once('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
        request.destroy()
      })
    })
    if (announcedBytes === undefined) request.end(body)
    else {
      request.setHeader('content-length', announcedBytes)
      request.flushHeaders()
    }
  })
}
