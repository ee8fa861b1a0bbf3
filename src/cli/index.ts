import { randomUUID } from 'node:crypto'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import {
  type CheckOptions,
  type Environment,
  type Loaders,
  Registry,
  systemEnvironment,
} from '#config'
import { type ImportStore, importBlocks } from '#imports'
import {
  formatDuration,
  formatSize,
  parseDuration,
  parseSize,
  STABILITIES,
  type Stability,
  systemClock,
} from '#sdk'
import {
  Logger,
  type LogSink,
  loggingBlock,
  Registry as Metrics,
  OwnData,
  type OwnSources,
  standardError,
  Tracing,
  telemetryBlock,
  tracingBlock,
} from '#telemetry'
import { AdminServer, httpBlock } from '#web'
import { check } from './check.js'
import { addCompletion } from './completion.js'
import { printConfigSchema } from './config-schema.js'
import { addDoctor } from './doctor.js'
import { evaluateBatch, evaluateOne } from './eval.js'
import { explain } from './explain.js'
import { type FmtOptions, fmt } from './fmt.js'
import { GRAPH_FORMATS, type GraphFormat, graph } from './graph.js'
import { addInit } from './init.js'
import type { ExitCode, Io } from './io.js'
import { addLsp } from './lsp.js'
import { openImports } from './open-imports.js'
import { plan, planFiles } from './plan.js'
import { addQueue } from './queue.js'
import { exportsOfAgent, repl } from './repl.js'
import { type Host, run } from './run.js'
import { addService } from './service-command.js'
import { addSupportBundle } from './support-bundle.js'
import { addTap } from './tap.js'
import { addTop } from './top.js'

export type { ExitCode, Io } from './io.js'
export type { Host } from './run.js'
export { type RunProgram, runProgram } from './run-program.js'

export interface CliOptions {
  readonly components: Loaders
  readonly host: Host
  readonly io: Io
  /** Where the log of `run` goes; without it to standard error. */
  readonly log?: LogSink
}

const DRAIN = '30s'
/** Less would refuse ordinary requests. */
const BUDGET_BYTES_MIN = 1024 * 1024
const ADMIN_ADDRESS = '127.0.0.1:12345'
const STORAGE_PATH = 'data-weir'
const PATH_ARGUMENT =
  'a config file, a folder of *.river and *.alloy files, or - for standard input'
const PATHS_ARGUMENT = 'config files or folders, or - for standard input'

/** Runs one command of the `weir` program. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<ExitCode> {
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
  }
}

function commands(options: CliOptions, exit: (code: ExitCode) => void): Command {
  const { components, host, io } = options
  const logger = new Logger(options.log ?? standardError())
  const admin = new AdminServer()
  const own = ownSources(logger, host)
  const imports = importBlocks()
  const registry = new Registry(
    [
      loggingBlock(logger),
      httpBlock(admin),
      telemetryBlock(own),
      tracingBlock(own),
      ...imports.definitions,
    ],
    components,
  )
  openImports(imports.store, host, logger.with({}))
  const environment = systemEnvironment(host.variables, host.version)
  const shared = { host, io, exit, registry, environment }
  const parts = { ...shared, imports: imports.store, logger, own, admin }

  const program = new Command('weir')
    .description(
      'A telemetry agent: OTLP in and out, wired by a River config, reloaded without loss',
    )
    .version(host.version, '--version')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('usage: weir <command>\n(weir --help lists the commands)')
  for (const add of [addRun, addCheck, addFmt, addEval, addExplain, addPlan, addGraph]) {
    add(program, parts)
  }
  const places = { adminAddress: ADMIN_ADDRESS, storagePath: STORAGE_PATH }
  addQueue(program, { ...parts, ...places })
  addLsp(program, { ...parts, checkOptions: (stability) => checkOptionsOf(parts, stability) })
  const checkOptions = checkOptionsOf(parts, 'generally-available')
  addInit(program, { ...parts, checkOptions })
  addDoctor(program, { ...parts, ...places, checkOptions })
  addTap(program, { ...parts, ...places })
  addTop(program, { ...parts, ...places, durationArgument })
  addSupportBundle(program, { ...parts, ...places })
  addService(program, { ...parts, checkOptions, durationArgument, systemRoot: '/' })
  addCompletion(program, parts)
  hintAfterErrors(program, 'weir')
  return program
}

/** What the agent has to tell of itself. */
function ownSources(logger: Logger, { version, random }: Host): OwnSources {
  const tracing = new Tracing(new OwnData(randomUUID()), random)
  const startedAt = systemClock.now()
  return { version, clock: systemClock, startedAt, registry: new Metrics(), logger, tracing }
}

function hintAfterErrors(program: Command, path: string): void {
  for (const command of program.commands) {
    const line = `${path} ${command.name()}`
    const hint = `(${line} --help lists the options)`
    command.showHelpAfterError(`usage: ${line} ${command.usage()}\n${hint}`)
    hintAfterErrors(command, line)
  }
}

interface Parts extends Pick<CliOptions, 'host' | 'io'> {
  readonly exit: (code: ExitCode) => void
  readonly registry: Registry
  readonly environment: Environment
  readonly imports: ImportStore
  readonly logger: Logger
  readonly own: OwnSources
  readonly admin: AdminServer
}

function addRun(program: Command, parts: Parts): void {
  const { host, io, exit, logger, own, admin } = parts
  program
    .command('run')
    .argument('<path>', PATH_ARGUMENT)
    .description('run a config')
    .option(
      '--server.http.listen-addr <address>',
      'where pages, API and metrics are',
      ADMIN_ADDRESS,
    )
    .option('--storage.path <path>', 'where components keep files', STORAGE_PATH)
    .addOption(stabilityOption())
    .option(
      '--memory.budget <size>',
      'memory for requests and for what queues hold in it; a quarter of what the process may have',
      sizeArgument,
    )
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
        budgetBytes: flags['memory.budget'] as number | undefined,
        drainMs: flags['feature.componentShutdownDeadline'] as number,
        watch: flags['config.watch'] as boolean,
      }
      const checkOptions = checkOptionsOf(parts, stability)
      const { imports } = parts
      const runParts = {
        ...{ logger, admin, metrics: own.registry, tracing: own.tracing },
        ...{ imports, checkOptions },
      }
      exit(await run(path, runOptions, runParts, host, io))
    })
}

function addCheck(program: Command, parts: Parts): void {
  program
    .command('check')
    .alias('validate')
    .argument('<path...>', PATHS_ARGUMENT)
    .description('say everything that is wrong with a config, without running it')
    .option('--json', 'print the diagnostics as JSON')
    .option('--strict-alloy', 'refuse additions to the language that Alloy does not have')
    .addOption(stabilityOption())
    .action(async (paths: string[], flags: CheckFlags) => {
      const { json = false, strictAlloy = false } = flags
      const environment = { ...parts.environment, strictAlloy }
      const checkOptions = checkOptionsOf({ ...parts, environment }, flags['stability.level'])
      parts.exit(await check(paths, json, checkOptions, parts.io))
    })
}

interface CheckFlags {
  readonly json?: boolean
  readonly strictAlloy?: boolean
  readonly 'stability.level': Stability
}

function addFmt(program: Command, { io, exit }: Parts): void {
  program
    .command('fmt')
    .argument('<path...>', PATHS_ARGUMENT)
    .description('format configs')
    .option('-w, --write', 'write the result back')
    .option('-t, --test', 'only say which files would change; fails if there are any')
    .action(async (paths: string[], flags: FmtOptions) => exit(await fmt(paths, flags, io)))
}

function addEval(program: Command, { io, exit, environment }: Parts): void {
  program
    .command('eval')
    .argument('[expression]', 'a River expression')
    .description('print what an expression gives, as JSON')
    .option('--batch', 'read expressions from standard input, a JSON string a line')
    .option('--repl', 'answer expressions as they are typed')
    .option('--agent <url>', 'the admin address of a running agent whose exports may be named')
    .action(async (text: string | undefined, flags: EvalFlags, command: Command) => {
      const { agent } = flags
      if (flags.repl) exit(await repl(environment, agent, io))
      else if (flags.batch) exit(await evaluateBatch(environment, io))
      else if (text === undefined) {
        command.error('error: an expression, --repl or --batch is needed')
      } else if (agent === undefined) exit(evaluateOne(text, environment, io))
      else {
        const exported = await exportsOfAgent(agent, io)
        exit(exported ? evaluateOne(text, environment, io, exported) : 1)
      }
    })
}

interface EvalFlags {
  readonly batch?: boolean
  readonly repl?: boolean
  readonly agent?: string
}

function addExplain(program: Command, { io, exit, registry }: Parts): void {
  program
    .command('explain')
    .argument('[name]', 'a component, block or function')
    .description('say what something is for and takes; without a name, list all')
    .option('--json', 'print it as JSON, the arguments of a component as a JSON schema')
    .option('--json-schema', 'print the JSON schema of a whole config')
    .action(async (name: string | undefined, flags: { json?: boolean; jsonSchema?: boolean }) => {
      if (flags.jsonSchema) exit(await printConfigSchema(registry, io))
      else exit(await explain(name, flags.json ?? false, registry, io))
    })
}

interface PlanFlags {
  readonly agent: string
  readonly json?: boolean
  readonly 'stability.level': Stability
}

function addPlan(program: Command, parts: Parts): void {
  const { io, exit } = parts
  program
    .command('plan')
    .argument('<path>', PATH_ARGUMENT)
    .argument('[next]', 'a config that would take the place of <path>; no agent is asked')
    .description('ask the running agent what loading a config would change, or compare two')
    .option('--agent <url>', "the agent's admin address", `http://${ADMIN_ADDRESS}`)
    .option('--json', 'print the plan as JSON')
    .addOption(stabilityOption())
    .action(async (path: string, next: string | undefined, flags: PlanFlags) => {
      if (next === undefined) return exit(await plan(path, flags, io))
      const options = checkOptionsOf(parts, flags['stability.level'])
      exit(await planFiles(path, next, flags.json === true, options, io))
    })
}

function addGraph(program: Command, parts: Parts): void {
  program
    .command('graph')
    .argument('<path>', PATH_ARGUMENT)
    .description('draw what a config wires to what')
    .addOption(new Option('-f, --format <format>').choices(GRAPH_FORMATS).default('dot'))
    .addOption(stabilityOption())
    .action(async (path: string, flags: { format: GraphFormat; 'stability.level': Stability }) => {
      const checkOptions = checkOptionsOf(parts, flags['stability.level'])
      parts.exit(await graph(path, flags.format, checkOptions, parts.io))
    })
}

function checkOptionsOf(parts: Parts, stability: Stability): CheckOptions {
  const { registry, environment, imports } = parts
  return { registry, environment, stability, imports }
}

function stabilityOption(): Option {
  return new Option('--stability.level <level>', 'the least stable components that may run')
    .choices(STABILITIES)
    .default('generally-available')
}

function sizeArgument(text: string): number {
  const bytes = parseSize(text)
  if (bytes === undefined || bytes < BUDGET_BYTES_MIN) {
    const least = formatSize(BUDGET_BYTES_MIN)
    throw new InvalidArgumentError(`write a size of at least ${least}, such as "512MiB".`)
  }
  return bytes
}

function durationArgument(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined || ms < 0) {
    throw new InvalidArgumentError(`write a duration such as "${formatDuration(30_000)}".`)
  }
  return ms
}
