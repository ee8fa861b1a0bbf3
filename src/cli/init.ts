import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { type CheckOptions, loadAndCheck } from '#config'
import { hasErrors, readSource, renderDiagnostics } from '#grammar'
import { reasonOf } from '#sdk'
import {
  type Credentials,
  configText,
  endpointsText,
  readService,
  type SecretPlace,
  type Wishes,
} from './init-config.js'
import { askWishes, LISTEN } from './init-questions.js'
import type { ExitCode, Io } from './io.js'
import { answer, Refusal } from './refusal.js'

interface Parts {
  readonly io: Io
  readonly exit: (code: ExitCode) => void
  readonly checkOptions: CheckOptions
}

interface Flags {
  readonly service: readonly string[]
  readonly tenant?: string
  readonly user?: string
  readonly passwordEnv?: string
  readonly passwordFile?: string
  readonly tokenEnv?: string
  readonly tokenFile?: string
  readonly listen: string
  readonly output?: string
  readonly force?: boolean
  readonly printEndpoints?: boolean
}

/** `weir init`: a first config, by flags or by questions. */
export function addInit(program: Command, parts: Parts): void {
  program
    .command('init')
    .description('write a first config, from flags or by asking')
    .option(
      '--service <name=endpoint>',
      'deliver to otlp, tempo, loki, mimir or prometheus at http(s)://..., or grpc(s)://host:port',
      (text: string, all: readonly string[]) => [...all, text],
      [],
    )
    .option('--tenant <id>', 'sent as X-Scope-OrgID')
    .option('--user <name>', 'of basic authentication')
    .option('--password-env <variable>', 'the environment variable that holds the password')
    .option('--password-file <path>', 'the file that holds the password')
    .option('--token-env <variable>', 'the environment variable that holds a bearer token')
    .option('--token-file <path>', 'the file that holds a bearer token')
    .option('--listen <host>', 'where programs send to', LISTEN)
    .option('-o, --output <path>', 'write the config to this file')
    .option('--force', 'also where that file is there')
    .option('--print-endpoints', 'print what programs are to be told instead of the config')
    .action((flags: Flags) =>
      answer(parts, async () => {
        const wishes = await wishesOf(flags, parts.io)
        if (flags.printEndpoints) parts.io.out(endpointsText(wishes))
        else await writeConfig(wishes, flags, parts)
        return 0
      }),
    )
}

async function wishesOf(flags: Flags, { ask, err }: Io): Promise<Wishes> {
  if (flags.service.length === 0 && !flags.printEndpoints) {
    if (ask) return askWishes({ ask, err })
    throw new Refusal(
      'it is not said where telemetry goes, and there is nobody to ask',
      'name a destination, such as --service otlp=https://otlp.example.com',
    )
  }
  return {
    services: flags.service.map(readService),
    tenant: flags.tenant,
    credentials: credentialsOf(flags),
    listen: flags.listen,
  }
}

function credentialsOf(flags: Flags): Credentials | undefined {
  const password = placeOf(flags.passwordEnv, flags.passwordFile, 'password')
  const token = placeOf(flags.tokenEnv, flags.tokenFile, 'token')
  const { user } = flags
  if (token) {
    if (user === undefined && !password) return { kind: 'bearer', token }
    throw new Refusal('a bearer token and a user with a password exclude each other')
  }
  if (user === undefined && !password) return undefined
  if (user !== undefined && password) return { kind: 'basic', user, password }
  throw password
    ? new Refusal('the password has no user', 'add --user')
    : new Refusal('the user has no password', 'add --password-env or --password-file')
}

function placeOf(
  variable: string | undefined,
  file: string | undefined,
  what: string,
): SecretPlace | undefined {
  if (variable !== undefined && file !== undefined) {
    throw new Refusal(`the ${what} is either in a variable or in a file`)
  }
  if (variable !== undefined) return { variable }
  return file === undefined ? undefined : { file }
}

async function writeConfig(wishes: Wishes, flags: Flags, parts: Parts): Promise<void> {
  const { io, checkOptions } = parts
  const text = configText(wishes)
  const path = flags.output ?? 'config.river'
  const { diagnostics } = await loadAndCheck([readSource(path, Buffer.from(text))], checkOptions)
  if (diagnostics.length > 0) io.err(renderDiagnostics(diagnostics, io))
  if (hasErrors(diagnostics)) throw new Refusal('no config could be made of that')
  if (flags.output === undefined) {
    io.out(text)
    return
  }
  try {
    await writeFile(path, text, { flag: flags.force ? 'w' : 'wx' })
  } catch (error) {
    const help =
      (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'replace it with --force' : undefined
    throw new Refusal(`cannot write ${path}: ${reasonOf(error)}`, help)
  }
  io.out(`wrote ${path}; run it with: weir run ${path}\n\n${endpointsText(wishes)}`)
}
