import { type Command, Option } from 'commander'
import type { CheckOptions } from '#config'
import type { FileMode } from '#lsp'
import { STABILITIES, type Stability, systemClock, systemFiles } from '#sdk'
import { askAgent } from './ask-agent.js'
import type { ExitCode, Io } from './io.js'
import type { Host } from './run.js'

interface Parts {
  readonly host: Host
  readonly io: Io
  readonly exit: (code: ExitCode) => void
  checkOptions(stability: Stability): CheckOptions
}

interface Flags {
  readonly agent?: string
  readonly files: FileMode
  readonly 'stability.level': Stability
}

/** The modes of the language server, which is loaded only to run. */
const FILE_MODES: readonly FileMode[] = ['auto', 'folder', 'file']
/** A hover does not wait longer for an agent. */
const ANSWER_MS_MAX = 1000

export function addLsp(program: Command, parts: Parts): void {
  program
    .command('lsp')
    .description('serve editors: the Language Server Protocol over standard input and output')
    .option('--stdio', 'accepted for editors that say so: there is no other way')
    .option('--agent <url>', 'the admin address of a running agent whose values hovers show')
    .addOption(
      new Option('--files <which>', 'the files that are one config: of a folder, each alone')
        .choices(FILE_MODES)
        .default('auto'),
    )
    .addOption(
      new Option('--stability.level <level>', 'the least stable components that may run')
        .choices(STABILITIES)
        .default('generally-available'),
    )
    .action(async (flags: Flags) => parts.exit(await serve(flags, parts)))
}

async function serve(flags: Flags, { host, io, checkOptions }: Parts): Promise<ExitCode> {
  const { serveLanguage } = await import('#lsp')
  const { agent, files: mode, 'stability.level': stability } = flags
  return serveLanguage({
    ...io.streams(),
    version: host.version,
    mode,
    check: checkOptions(stability),
    files: systemFiles,
    clock: systemClock,
    askAgent: agent === undefined ? undefined : (path) => askAgent(agent, path, {}, ANSWER_MS_MAX),
  })
}
