import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { type CheckOptions, Registry, systemEnvironment } from '#config'
import { type Definition, formatDuration, parseDuration, STABILITIES, type Stability } from '#sdk'
import { Logger, loggingBlock, Registry as Metrics, standardError } from '#telemetry'
import { AdminServer, httpBlock } from '#web'
import { check } from './check.js'
import { evaluateBatch, evaluateOne } from './eval.js'
import { explain } from './explain.js'
import { type FmtOptions, fmt } from './fmt.js'
import { GRAPH_FORMATS, type GraphFormat, graph } from './graph.js'
import type { ExitCode, Io } from './io.js'
import { plan } from './plan.js'
import { type Host, run } from './run.js'

export type { ExitCode, Io } from './io.js'
export type { Host } from './run.js'

export interface CliOptions {
  readonly components: readonly Definition[]
  readonly host: Host
  readonly io: Io
}

const DRAIN = '30s'
const ADMIN_ADDRESS = '127.0.0.1:12345'

/** Runs one command of the `weir` program. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<ExitCode> {
  const { io } = options
  let code: ExitCode = 0
  const program = commands(options, (exitCode) => {
    code = exitCode
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Help and version are asked for, all else is wrong usage.
    return error.exitCode === 0 ? 0 : 2
  } finally {
    io.out('')
  }
}

function commands({ components, host, io }: CliOptions, exit: (code: ExitCode) => void): Command {
  const logger = new Logger(standardError())
  const admin = new AdminServer()
  const registry = new Registry([...components, loggingBlock(logger), httpBlock(admin)])
  const environment = systemEnvironment(host.variables, host.version)
  const checkOptions = (stability: Stability): CheckOptions => ({
    registry,
    stability,
    environment,
  })

  const program = new Command('weir')
    .description(
      'A telemetry agent: OTLP in and out, wired by a River config, reloaded without loss',
    )
    .version(host.version, '--version')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('(weir --help lists the commands)')

  program
    .command('run')
    .argument(
      '<path>',
      'a config file, a folder of *.river and *.alloy files, or - for standard input',
    )
    .description('run a config')
    .option(
      '--server.http.listen-addr <address>',
      'where pages, API and metrics are',
      ADMIN_ADDRESS,
    )
    .option('--storage.path <path>', 'where components keep files', 'data-weir')
    .addOption(stabilityOption())
    .option(
      '--feature.component-shutdown-deadline <duration>',
      'how long shutdown and reload let components drain',
      durationArgument,
      parseDuration(DRAIN),
    )
    .option('--no-config.watch', 'reload only when asked, not when the file changes')
    .option('--disable-reporting', 'accepted for Alloy command lines: nothing is ever reported')
    .action(async (path: string, flags: Record<string, unknown>) => {
      const stability = flags['stability.level'] as Stability
      const runOptions = {
        listenAddress: flags['server.http.listenAddr'] as string,
        storagePath: flags['storage.path'] as string,
        stability,
        drainMs: flags['feature.componentShutdownDeadline'] as number,
        watch: flags['config.watch'] as boolean,
      }
      const parts = { logger, admin, metrics: new Metrics(), checkOptions: checkOptions(stability) }
      exit(await run(path, runOptions, parts, host, io))
    })

  program
    .command('check')
    .alias('validate')
    .argument('<path...>', 'config files or folders, or - for standard input')
    .description('say everything that is wrong with a config, without running it')
    .option('--json', 'print the diagnostics as JSON')
    .addOption(stabilityOption())
    .action(async (paths: string[], flags: { json?: boolean; 'stability.level': Stability }) => {
      exit(await check(paths, flags.json ?? false, checkOptions(flags['stability.level']), io))
    })

  program
    .command('fmt')
    .argument('<path...>', 'config files or folders, or - for standard input')
    .description('format configs')
    .option('-w, --write', 'write the result back')
    .option('-t, --test', 'only say which files would change; fails if there are any')
    .action(async (paths: string[], flags: FmtOptions) => exit(await fmt(paths, flags, io)))

  program
    .command('eval')
    .argument('[expression]', 'a River expression')
    .description('print what an expression gives, as JSON')
    .option('--batch', 'read expressions from standard input, a JSON string a line')
    .action(async (text: string | undefined, flags: { batch?: boolean }, command: Command) => {
      if (flags.batch) exit(await evaluateBatch(environment, io))
      else if (text === undefined) command.error('error: an expression or --batch is needed')
      else exit(evaluateOne(text, environment, io))
    })

  program
    .command('explain')
    .argument('[name]', 'a component, block or function')
    .description('say what something is for and takes; without a name, list all')
    .option('--json', 'print the arguments as a JSON schema')
    .action((name: string | undefined, flags: { json?: boolean }) => {
      exit(explain(name, flags.json ?? false, registry, io))
    })

  program
    .command('plan')
    .argument('<path>', 'a config file or folder, or - for standard input')
    .description('ask the running agent what loading a config would change')
    .option('--agent <url>', "the agent's admin address", `http://${ADMIN_ADDRESS}`)
    .option('--json', 'print the plan as JSON')
    .action(async (path: string, flags: { agent: string; json?: boolean }) => {
      exit(await plan(path, flags, io))
    })

  program
    .command('graph')
    .argument('<path>', 'a config file or folder, or - for standard input')
    .description('draw what a config wires to what')
    .addOption(new Option('-f, --format <format>').choices(GRAPH_FORMATS).default('dot'))
    .addOption(stabilityOption())
    .action(async (path: string, flags: { format: GraphFormat; 'stability.level': Stability }) => {
      exit(await graph(path, flags.format, checkOptions(flags['stability.level']), io))
    })
  return program
}

function stabilityOption(): Option {
  return new Option('--stability.level <level>', 'the least stable components that may run')
    .choices(STABILITIES)
    .default('generally-available')
}

function durationArgument(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined || ms < 0) {
    throw new InvalidArgumentError(`write a duration such as "${formatDuration(30_000)}".`)
  }
  return ms
}
