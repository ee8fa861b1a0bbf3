import { dirname, extname } from 'node:path'
import {
  type ArgumentsOf,
  attributes,
  type Context,
  defineExtension,
  duration,
  type Files,
  type Found,
  faultOf,
  findFiles,
  list,
  Permanent,
  type Target,
  type TargetFinder,
  TargetSearch,
  type,
  type Watcher,
} from '#sdk'
import { DOCUMENT_BYTES_MAX, type GroupFormat, readTargetGroups } from '../shared/target-groups.js'

const schema = attributes({
  files: list(type.string(), {
    required: true,
    about: 'Paths of JSON and YAML files, with patterns such as "/etc/targets/*.json".',
  }),
  refresh_interval: duration({
    default: '5m',
    min: '1ms',
    about: 'How often they are read again, in case a change was missed.',
  }),
})

export default defineExtension({
  name: 'discovery.file',
  stability: 'generally-available',
  about: 'Exports the targets that files list, again whenever they change.',
  schema,
  exports: { targets: { kind: 'targets' } },
  create: (context, values) =>
    new TargetSearch(context, values.refresh_interval, new TargetFiles(context, values)),
})

const FORMATS: ReadonlyMap<string, GroupFormat> = new Map([
  ['.json', 'json'],
  ['.yml', 'yaml'],
  ['.yaml', 'yaml'],
])

class TargetFiles implements TargetFinder {
  readonly #files: Files
  readonly #patterns: readonly string[]
  readonly #watchers: Watcher[] = []
  /** By path: what a file held when it could be read. */
  #last: ReadonlyMap<string, readonly Target[]> = new Map()

  constructor({ files }: Context, values: ArgumentsOf<typeof schema>) {
    this.#files = files
    this.#patterns = values.files
  }

  /** Folders are watched, so that new files are seen; changes below other patterns wait. */
  open(search: TargetSearch): Promise<void> {
    const folders = new Set(this.#patterns.map((pattern) => dirname(pattern)))
    for (const folder of folders) {
      if (!/[*?[{\\]/.test(folder)) {
        this.#watchers.push(this.#files.watch(folder, () => search.again()))
      }
    }
    return Promise.resolve()
  }

  /** A file that cannot be read keeps its last targets. */
  async find(): Promise<Found> {
    const found = new Map<string, readonly Target[]>()
    const faults: string[] = []
    for (const path of await this.#paths(faults)) {
      try {
        found.set(path, await this.#read(path))
      } catch (error) {
        faults.push(faultOf(error))
        found.set(path, this.#last.get(path) ?? [])
      }
    }
    this.#last = found
    return { targets: [...found.values()].flat(), faults }
  }

  async close(): Promise<void> {
    await Promise.all(this.#watchers.splice(0).map((watcher) => watcher.close()))
  }

  async #paths(faults: string[]): Promise<ReadonlySet<string>> {
    const paths = new Set<string>()
    for (const pattern of this.#patterns) {
      try {
        for (const path of await findFiles(this.#files, pattern)) paths.add(path)
      } catch (error) {
        faults.push(faultOf(error))
      }
    }
    return paths
  }

  async #read(path: string): Promise<readonly Target[]> {
    const format = FORMATS.get(extname(path).toLowerCase())
    if (!format) throw new Permanent(`${path} ends in none of ${[...FORMATS.keys()].join(', ')}`)
    const bytes = await this.#files.read(path)
    if (bytes.length > DOCUMENT_BYTES_MAX) throw new Permanent(`${path} is larger than 64 MiB`)
    return readTargetGroups(path, bytes, format, [['__meta_filepath', path]])
  }
}
