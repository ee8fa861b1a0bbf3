import type { Command } from 'commander'
import type { CheckOptions } from '#config'
import type { ExitCode, Io } from './io.js'
import { answer } from './refusal.js'
import type { Host } from './run.js'
import { attached, type InstallOptions, install, uninstall } from './service.js'

interface Parts {
  readonly systemRoot: string
  readonly host: Host
  readonly io: Io
  readonly exit: (code: ExitCode) => void
  readonly checkOptions: CheckOptions
  readonly durationArgument: (text: string) => number
}

const DRAIN_MS = 30_000

/** The agent under systemd: `weir service ...`. */
export function addService(program: Command, parts: Parts): void {
  const service = program
    .command('service')
    .description('run the agent under systemd: install, uninstall, look after it')
  addInstall(service, parts)
  addUninstall(service, parts)
  const { host } = parts
  service
    .command('status')
    .description('say whether the service runs; fails when it does not')
    .action(() =>
      answer(parts, () =>
        attached('systemctl', ['status', '--no-pager', 'weir.service'], host.runProgram),
      ),
    )
  service
    .command('logs')
    .description('show the log of the service')
    .option('-f, --follow', 'go on as lines come')
    .option('-n, --lines <number>', 'how many of the last lines', '100')
    .action((flags: { readonly follow?: boolean; readonly lines: string }) =>
      answer(parts, () => {
        const args = ['-u', 'weir.service', '--no-pager', '-n', flags.lines]
        return attached('journalctl', [...args, ...(flags.follow ? ['-f'] : [])], host.runProgram)
      }),
    )
}

function addInstall(service: Command, parts: Parts): void {
  service
    .command('install')
    .description('write config and unit, start the service and wait until it is ready')
    .option('--config <path>', 'its config; without it the one in /etc/weir, or a first one')
    .option('--force', 'replace the config that is there by --config')
    .option('--root <folder>', 'install into the image below this folder: files only')
    .option('--program <path>', 'what the unit starts; without it this program')
    .option(
      '--drain <duration>',
      'how long a stop lets components drain',
      parts.durationArgument,
      DRAIN_MS,
    )
    .option('--no-start', 'only enable it')
    .option('--dry-run', 'say what would be done')
    .action((flags: Omit<InstallOptions, 'drainMs'> & { readonly drain: number }) =>
      answer(parts, async () => {
        await install({ ...flags, drainMs: flags.drain }, parts)
        return 0
      }),
    )
}

function addUninstall(service: Command, parts: Parts): void {
  service
    .command('uninstall')
    .description('stop the service and remove it; config and data stay')
    .option('--purge', 'remove config, variables and data, too')
    .option('--dry-run', 'say what would be done')
    .action((flags: { readonly purge?: boolean; readonly dryRun?: boolean }) =>
      answer(parts, async () => {
        await uninstall(flags, parts)
        return 0
      }),
    )
}
