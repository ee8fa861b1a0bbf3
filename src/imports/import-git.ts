import { createHash } from 'node:crypto'
import { join, normalize, resolve } from 'node:path'
import {
  type ArgumentsOf,
  attributes,
  block,
  duration,
  folderOfId,
  Permanent,
  type Problem,
  secret,
  string,
} from '#sdk'
import { checksumField } from './checksum.js'
import { readTexts } from './import-file.js'
import type { ImportKind, ImportWorld } from './import-kind.js'

const notAnOption = (text: string) =>
  text.startsWith('-') ? 'a text that does not begin with "-"' : undefined

const schema = attributes({
  repository: string({
    required: true,
    about: 'The repository, as git takes it.',
    check: (text) => notAnOption(text) ?? (/^\w+::/.test(text) ? 'a URL or a path' : undefined),
  }),
  path: string({
    required: true,
    about: 'A file in it, or a folder whose *.alloy and *.river files are imported as one.',
    check: (text) =>
      normalize(text).startsWith('..') || text.startsWith('/')
        ? 'a path inside of the repository'
        : undefined,
  }),
  revision: string({
    default: 'main',
    about: 'A branch, a tag or a commit.',
    check: notAnOption,
  }),
  pull_frequency: duration({
    default: '60s',
    min: '1ms',
    about: 'How often the repository is asked for changes.',
  }),
  basic_auth: block(
    attributes({
      username: string({ default: '', about: 'The user.' }),
      password: secret({ about: 'The password.' }),
    }),
    { about: 'A user and a password, for https://.' },
  ),
  ssh_key: block(
    attributes(
      {
        username: string({ default: '', about: 'The user; it may stand in the repository, too.' }),
        key: secret({ about: 'Cannot be used: write key_file.' }),
        key_file: string({ about: 'A file with the private key.' }),
        passphrase: secret({ about: 'Cannot be used: an agent of ssh can hold such a key.' }),
      },
      ({ key, key_file: file, passphrase }): readonly Problem[] => {
        const unusable = key ? 'key' : passphrase ? 'passphrase' : undefined
        if (unusable) {
          const help = 'name a key_file without a passphrase, or use an agent of ssh'
          return [{ path: [unusable], message: `git cannot be given ${unusable}`, help }]
        }
        if (!file || /^[\w./~-]+$/.test(file)) return []
        return [{ path: ['key_file'], message: 'key_file has signs that ssh may not get' }]
      },
    ),
    { about: 'A key, for ssh.' },
  ),
  checksum: checksumField,
})

type Arguments = ArgumentsOf<typeof schema>

/** How long one call of git may take. */
const GIT_MS_MAX = 60_000

export const importGit: ImportKind<Arguments> = {
  definition: {
    name: 'import.git',
    stability: 'generally-available',
    about: 'Imports modules from a git repository; needs the program git.',
    schema,
  },
  sourceOf: ({ repository, revision, path }) => `${repository} ${revision} ${path}`,
  read: async (values, { id }, world, giveUp) => {
    const folder = join(workFolder(world, id, values.repository))
    await checkOut(values, folder, world, giveUp)
    return readTexts(join(folder, values.path), world.files)
  },
  everyMs: ({ pull_frequency }) => pull_frequency,
  checksum: ({ checksum }) => checksum,
}

function workFolder({ storagePath, programs }: ImportWorld, id: string, repository: string) {
  const hash = createHash('sha256').update(`${id} ${repository}`).digest('hex').slice(0, 12)
  return storagePath === undefined
    ? join(programs.temporary, `weir-import-${hash}`)
    : join(storagePath, 'imports', `${folderOfId(id)}-${hash}`)
}

/** One commit deep where the server can do that; a tag or branch first, else a commit. */
async function checkOut(
  values: Arguments,
  folder: string,
  { programs, clock }: ImportWorld,
  giveUp: AbortSignal,
): Promise<void> {
  const late = new AbortController()
  const timer = clock.timer(GIT_MS_MAX, () => late.abort())
  const options = {
    environment: environmentOf(values),
    giveUp: AbortSignal.any([giveUp, late.signal]),
  }
  const git = (...args: readonly string[]) =>
    programs.run('git', ['-C', folder, '-c', 'core.symlinks=false', ...args], options)
  const { revision } = values
  const repository = /^[./]/.test(values.repository)
    ? resolve(values.repository)
    : values.repository
  try {
    await programs.run('git', ['init', '--quiet', '--template=', folder], options)
    const fetch = ['fetch', '--quiet', '--force', '--no-recurse-submodules']
    try {
      await git(...fetch, '--depth=1', '--no-tags', '--', repository, revision)
      await git('checkout', '--quiet', '--force', '--detach', 'FETCH_HEAD')
    } catch (error) {
      if (error instanceof Permanent || options.giveUp.aborted) throw error
      // Servers need not give out single commits.
      await git(...fetch, '--tags', '--', repository, '+refs/heads/*:refs/remotes/origin/*')
      await git('checkout', '--quiet', '--force', '--detach', revision)
    }
  } finally {
    timer.cancel()
  }
}

/** Credentials go by the environment: others can see the arguments of a process. */
function environmentOf({ basic_auth: auth, ssh_key: key }: Arguments): Record<string, string> {
  const environment: Record<string, string> = { GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' }
  if (auth) {
    const text = `${auth.username}:${auth.password?.reveal() ?? ''}`
    environment['GIT_CONFIG_COUNT'] = '1'
    environment['GIT_CONFIG_KEY_0'] = 'http.extraHeader'
    environment['GIT_CONFIG_VALUE_0'] =
      `Authorization: Basic ${Buffer.from(text).toString('base64')}`
  }
  if (key) {
    const user = key.username === '' ? '' : ` -l ${key.username.replaceAll(/[^\w.@-]/g, '')}`
    const file = key.key_file === undefined ? '' : ` -i ${key.key_file} -o IdentitiesOnly=yes`
    environment['GIT_SSH_COMMAND'] = `ssh -o BatchMode=yes${user}${file}`
  }
  return environment
}
