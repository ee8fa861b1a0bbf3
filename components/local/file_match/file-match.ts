import {
  type ArgumentsOf,
  attributes,
  type Context,
  defineExtension,
  duration,
  type Found,
  faultOf,
  findFiles,
  Glob,
  type Target,
  type TargetFinder,
  TargetSearch,
  targets,
} from '#sdk'

const schema = attributes({
  path_targets: targets({
    required: true,
    about: 'Targets with a pattern in __path__, and perhaps one in __path_exclude__.',
  }),
  ignore_older_than: duration({
    default: '0s',
    about: 'Leaves out files that have not changed for so long; "0s" leaves out none.',
  }),
  sync_period: duration({
    default: '10s',
    min: '1ms',
    about: 'How often files are looked for again.',
  }),
})

export default defineExtension({
  name: 'local.file_match',
  stability: 'generally-available',
  about: 'Exports a target for each file that patterns stand for.',
  schema,
  exports: { targets: { kind: 'targets' } },
  create: (context, values) =>
    new TargetSearch(context, values.sync_period, new FileMatch(context, values)),
})

const PATH = '__path__'

class FileMatch implements TargetFinder {
  readonly #context: Context
  readonly #values: ArgumentsOf<typeof schema>

  constructor(context: Context, values: ArgumentsOf<typeof schema>) {
    this.#context = context
    this.#values = values
  }

  async find(): Promise<Found> {
    const found: Target[] = []
    const faults: string[] = []
    for (const target of this.#values.path_targets) {
      try {
        for (const path of await this.#pathsOf(target))
          found.push(new Map([...target, [PATH, path]]))
      } catch (error) {
        faults.push(faultOf(error))
      }
    }
    return { targets: found, faults }
  }

  async #pathsOf(target: Target): Promise<readonly string[]> {
    const excluded = target.get('__path_exclude__')
    const exclude = excluded ? new Glob(excluded) : undefined
    const pattern = target.get(PATH)
    const paths = pattern ? await findFiles(this.#context.files, pattern) : []
    const kept: string[] = []
    for (const path of paths) {
      if (!exclude?.matches(path) && (await this.#isYoung(path))) kept.push(path)
    }
    return kept
  }

  async #isYoung(path: string): Promise<boolean> {
    const { files, clock } = this.#context
    const { ignore_older_than: ageMs } = this.#values
    if (ageMs === 0) return true
    const facts = await files.facts(path)
    return facts !== undefined && facts.modifiedAt >= clock.now() - ageMs
  }
}
