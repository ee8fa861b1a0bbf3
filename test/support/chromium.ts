import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

/** Debian's; playwright-core brings none. */
const CHROMIUM = process.env['WEIR_CHROMIUM'] ?? '/usr/bin/chromium'

/** Undefined where there is no Chromium; an error where one is required. */
export async function openChromium(): Promise<Browser | undefined> {
  if (existsSync(CHROMIUM)) {
    return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  }
  if (process.env['WEIR_REQUIRE'] === '1') {
    throw new Error(`${CHROMIUM} is absent and WEIR_REQUIRE is set: apt-get install chromium`)
  }
  return undefined
}

/** A page, and what went wrong in it: violated policies, failed requests, errors of scripts. */
export async function watchedPage(
  browser: Browser,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<{ readonly page: Page; readonly faults: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options })
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
  })
  page.on('pageerror', ({ message }) => faults.push(message))
  page.on('requestfailed', (request) => {
    // A page that is left gives up what it still waits for.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') faults.push(request.url())
  })
  page.on('request', (request) => {
    if (!/^(http:\/\/127\.0\.0\.1:|data:)/.test(request.url())) faults.push(request.url())
  })
  return { page, faults }
}
