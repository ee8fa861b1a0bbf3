import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CheckOptions, checkConfig } from '#config'
import { hasErrors, renderDiagnostics } from '#grammar'
import { systemFiles } from '#sdk'
import type { Io } from './io.js'
import { Refusal } from './refusal.js'
import type { Host } from './run.js'
import type { RunProgram } from './run-program.js'
import { below, SERVICE_PATHS, TEMPLATES, unitText } from './service-files.js'
import {
  contentOf,
  doAll,
  linkStep,
  programStep,
  removeStep,
  runWell,
  type Step,
  writeStep,
} from './undoable.js'

export interface InstallOptions {
  /** Taken over as the service's config; without it the one that is there, or a first one. */
  readonly config?: string
  readonly force?: boolean
  /** Of an image: only files are written. */
  readonly root?: string
  readonly dryRun?: boolean
  readonly start: boolean
  readonly drainMs: number
  readonly program?: string
}

interface World {
  readonly host: Host
  readonly io: Pick<Io, 'out' | 'err' | 'color' | 'input'>
  readonly checkOptions: CheckOptions
  /** Of the machine that systemd runs: "/". */
  readonly systemRoot: string
}

const UNIT = 'weir.service'
const USER = 'weir'
/** Of the log, when the start fails. */
const LOG_LINES = 10

/** Writes config and unit, and starts the service; takes all back when something fails. */
export async function install(options: InstallOptions, world: World): Promise<void> {
  const { host, io } = world
  const root = options.root ?? world.systemRoot
  const files = await filesToWrite(options, root, world)
  const steps =
    options.root === undefined ? liveSteps(files, options, host) : imageSteps(files, root)
  if (options.dryRun) {
    for (const { says } of steps) io.out(`would ${says}\n`)
    return
  }
  const before = options.root === undefined ? await stateOf(host.runProgram) : undefined
  try {
    await doAll(steps, (line) => io.out(`${line}\n`))
  } catch (error) {
    // The unit is the old one again by now.
    if (before?.isActive) await host.runProgram('systemctl', ['start', UNIT])
    throw error
  }
  const runs = options.root === undefined && options.start
  if (runs) io.out('weir runs and is ready; weir service status, weir service logs -f\n')
}

/** Stops the service and removes its unit; `purge` also what it has written and its config. */
export async function uninstall(
  options: { readonly purge?: boolean; readonly dryRun?: boolean },
  { host, io, systemRoot: root }: World,
): Promise<void> {
  const at = (path: string) => below(root, path)
  if ((await contentOf(at(SERVICE_PATHS.unit))) === undefined) {
    const isPackaged = (await contentOf(at(SERVICE_PATHS.packagedUnit))) !== undefined
    throw isPackaged
      ? new Refusal('the service came with a package', 'apt-get remove weir')
      : new Refusal(`there is no service: ${at(SERVICE_PATHS.unit)} is missing`)
  }
  const { runProgram } = host
  const { unit, users, variables, configFolder, storage } = SERVICE_PATHS
  const steps = [
    programStep(runProgram, ['systemctl', 'disable', '--now', UNIT], () =>
      runProgram('systemctl', ['enable', '--now', UNIT]),
    ),
    removeStep(at(unit)),
    programStep(runProgram, ['systemctl', 'daemon-reload']),
    ...(options.purge
      ? [users, variables, configFolder, storage].map((path) => removeStep(at(path)))
      : []),
  ]
  if (options.dryRun) {
    for (const { says } of steps) io.out(`would ${says}\n`)
    return
  }
  await doAll(steps, (line) => io.out(`${line}\n`))
  if (!options.purge) io.out(`${configFolder} and ${storage} stay; --purge removes them\n`)
}

/** Hands over to the program of the same terminal; its end is the command's. */
export async function attached(
  program: string,
  args: readonly string[],
  run: RunProgram,
): Promise<0 | 1> {
  try {
    return (await run(program, args, { attached: true })).code === 0 ? 0 : 1
  } catch (error) {
    throw new Refusal((error as Error).message, 'this machine has no systemd')
  }
}

interface ServiceFiles {
  readonly unit: Step
  readonly users: Step
  /** Only where they are missing, or are to be replaced. */
  readonly variables: Step | undefined
  readonly config: Step | undefined
}

async function filesToWrite(
  options: InstallOptions,
  root: string,
  world: World,
): Promise<ServiceFiles> {
  const at = (path: string) => below(root, path)
  const template = (path: string) => readFile(join(world.host.root, path), 'utf8')
  const command = options.program ? [options.program] : world.host.command
  const unit = unitText(await template(TEMPLATES.unit), { command, drainMs: options.drainMs })
  const config = await configToWrite(options, root, world)
  const hasVariables = (await contentOf(at(SERVICE_PATHS.variables))) !== undefined
  return {
    unit: writeStep(at(SERVICE_PATHS.unit), unit),
    users: writeStep(at(SERVICE_PATHS.users), await template(TEMPLATES.users)),
    variables: hasVariables
      ? undefined
      : writeStep(at(SERVICE_PATHS.variables), await template(TEMPLATES.variables), 0o640),
    config: config === undefined ? undefined : writeStep(at(SERVICE_PATHS.config), config),
  }
}

/** Undefined where the config that is there stays. It is checked in any case. */
async function configToWrite(
  { config, force }: InstallOptions,
  root: string,
  world: World,
): Promise<string | undefined> {
  const at = (path: string) => below(root, path)
  const there = await contentOf(at(SERVICE_PATHS.config))
  const names = (await systemFiles.names(at(SERVICE_PATHS.configFolder))) ?? []
  const hasOne = names.some((name) => /\.(river|alloy)$/.test(name))
  if (config === undefined && hasOne) {
    await checkOrRefuse(at(SERVICE_PATHS.configFolder), world)
    return undefined
  }
  const source = config ?? join(world.host.root, TEMPLATES.config)
  await checkOrRefuse(source, world)
  const text = Buffer.from(await systemFiles.read(source)).toString()
  if (there !== undefined && there.toString() !== text && !force) {
    throw new Refusal(
      `there is another config at ${at(SERVICE_PATHS.config)}`,
      'leave --config out to keep it, or replace it with --force',
    )
  }
  return there?.toString() === text ? undefined : text
}

async function checkOrRefuse(path: string, { io, checkOptions }: World): Promise<void> {
  const { diagnostics } = await checkConfig(path, systemFiles, io.input, checkOptions)
  if (diagnostics.length > 0) io.err(renderDiagnostics(diagnostics, io))
  if (hasErrors(diagnostics)) throw new Refusal(`${path} could not run; nothing was changed`)
}

/** In an image the user is made, and the unit read, when it boots. */
function imageSteps(files: ServiceFiles, root: string): readonly Step[] {
  const { unit, users, variables, config } = files
  const link = linkStep(below(root, SERVICE_PATHS.wanted), SERVICE_PATHS.unit)
  return [users, variables, config, unit, link].flatMap((step) => step ?? [])
}

function liveSteps(
  { unit, users, variables, config }: ServiceFiles,
  { start }: InstallOptions,
  { runProgram }: Host,
): readonly Step[] {
  const reload = ['systemctl', 'daemon-reload'] as const
  const steps: (Step | undefined)[] = [
    users,
    userStep(runProgram),
    variables,
    config,
    // Its way back is its text, and that systemd reads it.
    undoneBy(unit, () => runWell(runProgram, [...reload])),
    programStep(runProgram, [...reload]),
    enableStep(runProgram),
    start ? startStep(runProgram) : undefined,
  ]
  return steps.flatMap((step) => step ?? [])
}

function undoneBy(step: Step, after: () => Promise<unknown>): Step {
  return {
    says: step.says,
    do: async () => {
      const undo = await step.do()
      return async () => {
        await undo?.()
        await after()
      }
    },
  }
}

function userStep(run: RunProgram): Step {
  return {
    says: 'run systemd-sysusers',
    do: async () => {
      const isThere = (await run('getent', ['passwd', USER])).code === 0
      await runWell(run, ['systemd-sysusers'])
      return isThere ? undefined : () => runWell(run, ['userdel', USER])
    },
  }
}

function enableStep(run: RunProgram): Step {
  return {
    says: `run systemctl enable ${UNIT}`,
    do: async () => {
      const isEnabled = (await run('systemctl', ['is-enabled', '--quiet', UNIT])).code === 0
      await runWell(run, ['systemctl', 'enable', UNIT])
      return isEnabled ? undefined : () => runWell(run, ['systemctl', 'disable', UNIT])
    },
  }
}

/** Returns once the agent has said that it is ready; a failure comes with the end of its log. */
function startStep(run: RunProgram): Step {
  const stop = () => runWell(run, ['systemctl', 'stop', UNIT])
  return {
    says: `run systemctl restart ${UNIT}`,
    do: async () => {
      const { code, err } = await run('systemctl', ['restart', UNIT])
      if (code === 0) return stop
      const args = ['-u', UNIT, '-n', String(LOG_LINES), '-o', 'cat', '--no-pager']
      const log = await run('journalctl', args).catch(() => undefined)
      // Or it would be started again and again.
      await stop().catch(() => {})
      const said = log?.out.trim() ? `; its log ends with\n${indented(log.out)}` : ''
      throw new Refusal(`${err.trim().split('\n')[0] || `it ended with ${code}`}${said}`)
    },
  }
}

async function stateOf(run: RunProgram): Promise<{ readonly isActive: boolean }> {
  try {
    return { isActive: (await run('systemctl', ['is-active', '--quiet', UNIT])).code === 0 }
  } catch (error) {
    throw new Refusal((error as Error).message, 'only for an image (--root) systemd need not run')
  }
}

function indented(text: string): string {
  return text.trimEnd().replace(/^/gm, '  ')
}
