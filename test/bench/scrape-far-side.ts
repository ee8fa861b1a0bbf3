/** Targets to scrape, and a place to write to that takes everything. Started by scrape-row.ts. */
import { createServer } from 'node:http'

const [port, targets, series] = process.argv.slice(2).map(Number) as [number, number, number]
/** Values are of so many digits, and written over for each scrape. */
const DIGITS = 7
const SERIES_PER_FAMILY = 50

const bodies = Array.from({ length: targets }, (_, target) => bodyOf(target))
const scrapes = new Array<number>(targets).fill(0)
let written = 0

function bodyOf(target: number) {
  const lines: string[] = []
  const places: number[] = []
  let size = 0
  const push = (line: string) => {
    lines.push(line)
    size += line.length + 1
  }
  for (let n = 0; n < series; n++) {
    const name = `app_requests_of_family_${Math.floor(n / SERIES_PER_FAMILY)}_total`
    if (n % SERIES_PER_FAMILY === 0) push(`# TYPE ${name} counter`)
    const labels = `code="${200 + (n % 5)}",path="/api/v1/orders/${n}",pod="web-${target}"`
    push(`${name}{${labels},zone="eu-1"} ${'1'.repeat(DIGITS)}`)
    places.push(size - 1 - DIGITS)
  }
  return { bytes: Buffer.from(`${lines.join('\n')}\n`), places }
}

/** Every value is another one than the last time. */
function nextBody(target: number): Buffer {
  const { bytes, places } = bodies[target]!
  const round = ++scrapes[target]!
  for (let n = 0; n < places.length; n++) {
    let value = 1_000_000 + ((n + round * 7) % 1_000_000)
    for (let at = places[n]! + DIGITS - 1; at >= places[n]!; at--) {
      bytes[at] = 0x30 + (value % 10)
      value = Math.floor(value / 10)
    }
  }
  return bytes
}

createServer((request, response) => {
  const target = /^\/metrics\/(\d+)$/.exec(request.url ?? '')?.[1]
  if (target !== undefined) {
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    // The next scrape of somebody else may write into it before this one has left.
    response.end(Buffer.from(nextBody(Number(target))))
    return
  }
  request.on('data', (chunk: Buffer) => (written += chunk.length))
  request.on('end', () => response.writeHead(204).end())
}).listen(port, '127.0.0.1', () => process.send?.('ready'))
process.on('message', () => process.send?.(written))
