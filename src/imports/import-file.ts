import { isAbsolute, join, resolve } from 'node:path'
import type { ImportRequest } from '#config'
import {
  type ArgumentsOf,
  attributes,
  choice,
  duration,
  type FileFacts,
  type Files,
  Permanent,
  string,
} from '#sdk'
import { checksumField } from './checksum.js'
import { IMPORT_BYTES_MAX, type ImportKind, type Texts } from './import-kind.js'

const schema = attributes({
  filename: string({
    required: true,
    about:
      'A file, or a folder whose *.alloy and *.river files are imported as one. A path that is ' +
      'not absolute starts at the file it is written in, or at the working folder.',
  }),
  detector: choice(['fsnotify', 'poll'], {
    default: 'fsnotify',
    about: 'How changes are found: by the system, or by reading again.',
  }),
  poll_frequency: duration({
    default: '1m',
    min: '1ms',
    about: 'How often it is read again; with fsnotify too, in case an event was missed.',
  }),
  checksum: checksumField,
})

export const importFile: ImportKind<ArgumentsOf<typeof schema>> = {
  definition: {
    name: 'import.file',
    stability: 'generally-available',
    about: 'Imports modules from a file or a folder, again whenever it changes.',
    schema,
  },
  sourceOf: ({ filename }, { folder }) => `${folder} ${filename}`,
  read: async ({ filename }, request, { files }) => {
    const { path, facts } = await find(filename, request, files)
    return readTexts(path, files, facts)
  },
  everyMs: ({ poll_frequency }) => poll_frequency,
  watch: ({ filename, detector }, { folder }, files, onChange) => {
    if (detector !== 'fsnotify') return undefined
    const paths = new Set([resolve(folder, filename), resolve(filename)])
    const watchers = Array.from(paths, (path) => files.watch(path, onChange))
    return {
      close: async () => {
        await Promise.all(watchers.map((watcher) => watcher.close()))
      },
    }
  },
  checksum: ({ checksum }) => checksum,
}

interface Found {
  readonly path: string
  readonly facts: FileFacts | undefined
}

async function find(filename: string, { folder }: ImportRequest, files: Files): Promise<Found> {
  const beside = isAbsolute(filename) ? filename : join(folder, filename)
  const first = { path: beside, facts: await files.facts(beside) }
  if (first.facts || beside === filename) return first
  const facts = await files.facts(filename)
  return facts ? { path: filename, facts } : first
}

const CONFIG_FILE = /\.(river|alloy)$/

/** A file, or those directly in a folder in the order of their names. */
export async function readTexts(path: string, files: Files, facts?: FileFacts): Promise<Texts> {
  const entries = facts?.isFolder === false ? undefined : await files.entries(path)
  if (!entries) {
    const text = await readText(path, files)
    return { texts: [{ name: path, text }], folder: join(path, '..') }
  }
  const names = entries.flatMap(({ name, isFolder }) =>
    isFolder || !CONFIG_FILE.test(name) ? [] : [name],
  )
  if (names.length === 0) throw new Permanent(`there is no *.alloy or *.river file in ${path}`)
  const texts: { name: string; text: string }[] = []
  let room = IMPORT_BYTES_MAX
  for (const name of names) {
    const text = await readText(join(path, name), files)
    room -= text.length
    if (room < 0) throw tooLarge(path)
    texts.push({ name: join(path, name), text })
  }
  return { texts, folder: path }
}

async function readText(path: string, files: Files): Promise<string> {
  const bytes = await files.read(path)
  if (bytes.length > IMPORT_BYTES_MAX) throw tooLarge(path)
  return Buffer.from(bytes).toString()
}

function tooLarge(path: string): Permanent {
  return new Permanent(`${path} is larger than 16 MiB`)
}
