import { Permanent, type Secret } from '#sdk'
import type { ProxyChoice } from './http-client.js'
import type { HttpProxy } from './http-connect.js'
import { NoProxy } from './no-proxy.js'

/** What configs say of proxies; an empty text is as good as none. */
export interface ProxySettings {
  readonly proxy_url: Secret | undefined
  readonly no_proxy: string | undefined
  readonly proxy_from_environment: boolean
  readonly proxy_connect_header: ReadonlyMap<string, readonly Secret[]>
}

/** Environment variables of the process. */
export type Variables = Readonly<Record<string, string | undefined>>

/** Undefined where no proxy is named. Throws Permanent for what is no proxy's address. */
export function chooseProxy(
  settings: ProxySettings,
  variables: Variables,
): ProxyChoice | undefined {
  const connectHeaders = headersOf(settings.proxy_connect_header)
  if (settings.proxy_from_environment) return fromEnvironment(variables, connectHeaders)
  const address = settings.proxy_url?.reveal()
  if (!address) return undefined
  const proxy = { url: proxyUrl(address, 'proxy_url'), connectHeaders }
  if (!settings.no_proxy) return () => proxy
  const direct = new NoProxy(settings.no_proxy)
  return (url) => (direct.has(url) ? undefined : proxy)
}

/** HTTP_PROXY, HTTPS_PROXY and NO_PROXY, or the same in lower case. */
function fromEnvironment(
  variables: Variables,
  connectHeaders: HttpProxy['connectHeaders'],
): ProxyChoice | undefined {
  const variable = (name: string) => variables[name] || variables[name.toLowerCase()] || ''
  const proxyOf = (name: string): HttpProxy | undefined => {
    const address = variable(name)
    if (address === '') return undefined
    // Without a scheme it is host:port.
    const text = address.includes('://') ? address : `http://${address}`
    return { url: proxyUrl(text, name), ...(connectHeaders && { connectHeaders }) }
  }
  const plain = proxyOf('HTTP_PROXY')
  const secure = proxyOf('HTTPS_PROXY')
  const direct = new NoProxy(variable('NO_PROXY'))
  return (url) => (direct.has(url) ? undefined : url.protocol === 'https:' ? secure : plain)
}

/** The address may hold a password, so it is not shown. */
function proxyUrl(address: string, name: string): URL {
  if (isProxyUrl(address)) return new URL(address)
  throw new Permanent(`${name} is no URL with http://, such as "http://proxy:3128"`)
}

export function isProxyUrl(address: string): boolean {
  return URL.canParse(address) && new URL(address).protocol === 'http:'
}

function headersOf(
  headers: ReadonlyMap<string, readonly Secret[]>,
): ReadonlyMap<string, readonly string[]> {
  return new Map([...headers].map(([name, values]) => [name, values.map((one) => one.reveal())]))
}
