import type { Batch } from '#pdata'

/** Where the resource of a request lies, unless it was joined to others. */
const RESOURCE_BYTES_MAX = 4096

/**
 * Knows what the agent has sent of itself when that comes in again, so that nothing is told of it:
 * telemetry about the agent's own telemetry would never end.
 */
export class OwnData {
  /** In the resource of all of it. */
  readonly instanceId: string
  readonly #mark: Buffer
  /** Components where own logs enter the pipeline. */
  readonly #entrances = new Set<string>()
  /** They and all behind them; undefined while it is to be found out. */
  #carriers: ReadonlySet<string> | undefined
  /** How many send logs. */
  #senders = 0
  /** Ids of the components that one sends to. */
  edgesOf: (component: string) => readonly string[] = () => []

  constructor(instanceId: string) {
    this.instanceId = instanceId
    this.#mark = Buffer.from(instanceId)
  }

  /** Whether any of it is. Looks through all bytes: for a few batches. */
  isIn({ chunks }: Batch): boolean {
    return chunks.some((chunk) =>
      Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).includes(this.#mark),
    )
  }

  /** Logs leave for somewhere, and may come back; until the function it returns is called. */
  sendsLogs(): () => void {
    this.#senders++
    this.#entrances.clear()
    this.rewired()
    return () => void this.#senders--
  }

  /** Of a batch that comes in at a component: whether it is the agent's own logs. */
  look({ signal, chunks }: Batch, component: string): void {
    if (this.#senders === 0 || signal !== 'logs' || this.#entrances.has(component)) return
    const [chunk] = chunks
    if (chunk && startsWithin(chunk, this.#mark)) this.enters(component)
  }

  /** Own logs enter the pipeline there. */
  enters(component: string): void {
    this.#entrances.add(component)
    this.rewired()
  }

  /** What is connected to what has changed. */
  rewired(): void {
    this.#carriers = undefined
  }

  /** Whether own logs pass through a component: what it logs about them must not join them. */
  carries(component: string): boolean {
    if (this.#entrances.size === 0) return false
    this.#carriers ??= this.#reach()
    return this.#carriers.has(component)
  }

  #reach(): ReadonlySet<string> {
    const found = new Set(this.#entrances)
    for (const component of found) for (const next of this.edgesOf(component)) found.add(next)
    return found
  }
}

/** By hand: a view of each batch would be an object. */
function startsWithin(chunk: Uint8Array, mark: Uint8Array): boolean {
  const last = Math.min(chunk.length, RESOURCE_BYTES_MAX) - mark.length
  for (let at = 0; at <= last; at++) {
    let length = 0
    while (length < mark.length && chunk[at + length] === mark[length]) length++
    if (length === mark.length) return true
  }
  return false
}
