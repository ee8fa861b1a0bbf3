import { resolve } from 'node:path'
import {
  type ArgumentsOf,
  attributes,
  block,
  boolean,
  type Component,
  type Context,
  defineExtension,
  duration,
  integer,
  type Storage,
  string,
} from '#sdk'
import { debugMetrics } from '../../shared/blocks.js'

const compaction = attributes({
  on_start: boolean({ default: false, about: 'Has no effect: finished segments are removed.' }),
  on_rebound: boolean({ default: false, about: 'Has no effect, as on_start.' }),
  directory: string({ about: 'Has no effect: nothing is copied.' }),
  max_transaction_size: integer({ default: 65_536, min: 0, about: 'Has no effect.' }),
  rebound_needed_threshold_mib: integer({ default: 100, min: 0, about: 'Has no effect.' }),
  rebound_trigger_threshold_mib: integer({ default: 10, min: 0, about: 'Has no effect.' }),
  check_interval: duration({ default: '5s', about: 'Has no effect.' }),
  cleanup_on_start: boolean({ default: false, about: 'Has no effect.' }),
})

const schema = attributes({
  directory: string({
    about: "Where; without it a folder of the component's in --storage.path.",
    claims: 'path',
  }),
  timeout: duration({
    default: '1s',
    about: 'Has no effect: a folder in use is an error at once.',
  }),
  fsync: boolean({
    default: false,
    about: 'Has no effect: what is acknowledged is always synced.',
  }),
  create_directory: boolean({ default: true, about: 'Whether a missing directory is made.' }),
  directory_permissions: string({
    default: '0750',
    about: 'Has no effect: folders are made with 0750.',
    check: octalMode,
  }),
  compaction: block(compaction, { absent: 'defaults', about: 'For the configs of Alloy.' }),
  debug_metrics: debugMetrics,
})

export default defineExtension({
  name: 'otelcol.storage.file',
  stability: 'generally-available',
  about: 'A place on disk for the queues of exporters.',
  schema,
  exports: { handler: { kind: 'handler', powers: ['storage'] } },
  create: (context, values) => new FileStorage(context, values),
})

class FileStorage implements Component, Storage {
  readonly folder: string
  readonly #context: Context
  readonly #values: ArgumentsOf<typeof schema>

  constructor(context: Context, values: ArgumentsOf<typeof schema>) {
    this.#context = context
    this.#values = values
    const { directory } = values
    this.folder = directory === undefined ? context.storagePath : resolve(directory)
  }

  async start(): Promise<void> {
    const { disk, publish } = this.#context
    if (this.#values.create_directory) await disk.makeFolder(this.folder)
    else await disk.syncFolder(this.folder)
    publish({ handler: this })
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }
}

function octalMode(text: string): string | undefined {
  return /^0?[0-7]{3}$/.test(text) ? undefined : 'an octal mode such as "0750"'
}
