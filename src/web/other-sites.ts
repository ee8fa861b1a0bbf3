import type { HonoRequest } from 'hono'

/** Browsers say where a request comes from; programs say nothing. */
export function isFromAnotherSite(request: HonoRequest): boolean {
  const site = request.header('sec-fetch-site')
  return site === 'cross-site' || site === 'same-site'
}
