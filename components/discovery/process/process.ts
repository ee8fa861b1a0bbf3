import {
  type ArgumentsOf,
  attributes,
  block,
  boolean,
  type Context,
  defineExtension,
  duration,
  type Files,
  type Found,
  Permanent,
  type Target,
  type TargetFinder,
  TargetSearch,
  targets,
} from '#sdk'
import { containerIn, joined } from './containers.js'

const discoverConfig = attributes({
  exe: boolean({ default: true, about: 'Adds __meta_process_exe, the path of the program.' }),
  cwd: boolean({ default: true, about: 'Adds __meta_process_cwd, the folder it works in.' }),
  commandline: boolean({ default: true, about: 'Adds __meta_process_commandline.' }),
  uid: boolean({ default: false, about: 'Adds __meta_process_uid, the number of the user.' }),
  username: boolean({ default: false, about: 'Adds __meta_process_username.' }),
  cgroup_path: boolean({ default: false, about: 'Adds __meta_process_cgroup_path.' }),
  container_id: boolean({ default: true, about: 'Adds __container_id__ to what runs in one.' }),
})

const schema = attributes({
  join: targets({
    default: [],
    about: 'Targets whose labels processes get that run in the same container.',
  }),
  refresh_interval: duration({
    default: '60s',
    min: '1ms',
    about: 'How often processes are looked for again.',
  }),
  discover_config: block(discoverConfig, {
    absent: 'defaults',
    about: 'The labels of processes; those without a value are left out.',
  }),
})

type Arguments = ArgumentsOf<typeof schema>
type Wanted = Arguments['discover_config']

export default defineExtension({
  name: 'discovery.process',
  stability: 'generally-available',
  about: 'Exports the processes of a Linux machine as targets.',
  schema,
  exports: { targets: { kind: 'targets' } },
  create: (context, values) =>
    new TargetSearch(context, values.refresh_interval, new Processes(context, values)),
})

/** Read at once; more would only wait for each other. */
const READ_AT_ONCE = 16

class Processes implements TargetFinder {
  readonly #files: Files
  readonly #values: Arguments

  constructor({ files }: Context, values: Arguments) {
    this.#files = files
    this.#values = values
  }

  async find(stop: AbortSignal): Promise<Found> {
    const names = await this.#files.names('/proc')
    if (!names) throw new Permanent('there is no /proc: processes are found on Linux only')
    const wanted = this.#values.discover_config
    const pids = names.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(a) - Number(b))
    const users = wanted.username ? await this.#users() : NOBODY
    const processes: Target[] = []
    for (let at = 0; at < pids.length && !stop.aborted; at += READ_AT_ONCE) {
      const some = pids.slice(at, at + READ_AT_ONCE)
      const read = await Promise.all(some.map((pid) => this.#read(pid, wanted, users)))
      processes.push(...read.flatMap((one) => one ?? []))
    }
    return { targets: joined(processes, this.#values.join), faults: [] }
  }

  /**
   * Undefined for a process that has ended or that this one may not look at, and for threads of
   * the kernel, which have no program.
   */
  async #read(
    pid: string,
    wanted: Wanted,
    users: ReadonlyMap<string, string>,
  ): Promise<Target | undefined> {
    const folder = `/proc/${pid}`
    const target = new Map([['__process_pid__', pid]])
    const add = (label: string, value: string | undefined) => {
      if (value) target.set(label, value)
    }
    try {
      if (wanted.exe) add('__meta_process_exe', await this.#files.link(`${folder}/exe`))
      if (wanted.cwd) add('__meta_process_cwd', await this.#files.link(`${folder}/cwd`))
      if (wanted.commandline) {
        const words = (await this.#text(`${folder}/cmdline`)).split('\0').filter(Boolean)
        add('__meta_process_commandline', words.join(' '))
      }
      if (wanted.uid || wanted.username) {
        const uid = /^Uid:\s+(\d+)/m.exec(await this.#text(`${folder}/status`))?.[1]
        if (wanted.uid) add('__meta_process_uid', uid)
        if (wanted.username) add('__meta_process_username', users.get(uid ?? ''))
      }
      if (wanted.cgroup_path || wanted.container_id) {
        const cgroup = await this.#text(`${folder}/cgroup`)
        if (wanted.cgroup_path) add('__meta_process_cgroup_path', cgroupPath(cgroup))
        if (wanted.container_id) add('__container_id__', containerIn(cgroup))
      }
    } catch {
      return undefined
    }
    return target
  }

  /** Names by number. */
  async #users(): Promise<ReadonlyMap<string, string>> {
    const text = await this.#text('/etc/passwd').catch(() => '')
    const fields = text.split('\n').map((line) => line.split(':'))
    return new Map(fields.flatMap(([name, , uid]) => (name && uid ? [[uid, name]] : [])))
  }

  async #text(path: string): Promise<string> {
    return Buffer.from(await this.#files.read(path)).toString()
  }
}

const NOBODY: ReadonlyMap<string, string> = new Map()

/** One line with cgroups of version 2; with version 1 one for each controller. */
function cgroupPath(cgroup: string): string {
  return cgroup.split('\n').filter(Boolean).join('|')
}
