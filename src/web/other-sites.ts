import type { HonoRequest } from 'hono'

/**
 * Browsers say where a request comes from; programs say nothing. Over plain HTTP to another machine
 * they say it only by what they come from.
 */
export function isFromAnotherSite(request: HonoRequest): boolean {
  const site = request.header('sec-fetch-site')
  if (site !== undefined) return site === 'cross-site' || site === 'same-site'
  const from = request.header('origin') ?? request.header('referer')
  return from !== undefined && hostOf(from) !== request.header('host')
}

/** Undefined for "null", which pages without an origin send. */
function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined
}
