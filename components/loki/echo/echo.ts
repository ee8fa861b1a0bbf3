import { decodePairs, type EntryBatch, EntryReader } from '#pdata'
import {
  attributes,
  type Component,
  type Consumer,
  type Context,
  defineExporter,
  messageOf,
} from '#sdk'

export default defineExporter({
  name: 'loki.echo',
  stability: 'generally-available',
  about: 'Writes log entries to standard output, for looking at data.',
  schema: attributes({}),
  accepts: ['entries'],
  create: (context) => new LokiEcho(context),
})

class LokiEcho implements Component, Consumer<'entries'> {
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  async consume(batch: EntryBatch): Promise<void> {
    const { id, files, ledger, log } = this.#context
    try {
      await files.append('stdout', linesOf(batch, id))
    } catch (error) {
      // The data was looked at, or not: it is delivered either way.
      log.warn('cannot write what was received', { error: messageOf(error) })
    }
    ledger.leave(batch.signal, batch.items)
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }
}

/** A line of logfmt for each entry. */
function linesOf(batch: EntryBatch, receiver: string): string {
  let lines = ''
  const reader = new EntryReader(batch)
  while (reader.nextStream()) {
    const labels = quoted(reader.labels)
    while (reader.nextEntry()) {
      const metadata = metadataOf(reader)
      const fields = [
        ...[`receiver=${receiver}`, `entry=${quoted(reader.line)}`],
        ...[`entry_timestamp=${timeOf(reader)}`, `labels=${labels}`],
        ...(metadata === '' ? [] : [`structured_metadata=${quoted(metadata)}`]),
      ]
      lines += `${fields.join(' ')}\n`
    }
  }
  return lines
}

function metadataOf({ metadataBytes, metadataStart, metadataEnd }: EntryReader): string {
  const pairs = decodePairs(metadataBytes, metadataStart, metadataEnd)
  if (pairs.length === 0) return ''
  const texts: string[] = []
  for (let n = 0; n < pairs.length; n += 2)
    texts.push(`${pairs[n]}=${JSON.stringify(pairs[n + 1])}`)
  return `{${texts.join(', ')}}`
}

/** RFC 3339, to the nanosecond; times that no date can be made of as a number of seconds. */
function timeOf({ seconds, nanos }: EntryReader): string {
  const fraction = nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return `${seconds}${fraction}`
  return date.toISOString().replace(/\.\d+Z$/, `${fraction}Z`)
}

function quoted(text: string): string {
  return /^[^\s"=\p{Cc}]+$/u.test(text) ? text : JSON.stringify(text)
}
