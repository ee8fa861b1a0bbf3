import { expect, test } from 'vitest'
import { World } from '../../../test/contract/world.js'
import { runComponent } from '../../../test/support/running-component.js'
import { containerIn } from './containers.js'
import definition from './process.js'

const ID = 'a1'.repeat(32)

interface Process {
  readonly exe?: string
  readonly cmdline?: string
  readonly uid?: number
  readonly cgroup?: string
}

/** The component on a machine with these processes. */
async function running(body: string, processes: Readonly<Record<string, Process>>) {
  const world = new World(
    new Map([['/etc/passwd', 'root:x:0:0::/root:/bin/sh\nme:x:1000:1000::/:\n']]),
  )
  const { fake } = world
  const set = (all: Readonly<Record<string, Process>>) => {
    for (const path of fake.contents.keys())
      if (path.startsWith('/proc/')) fake.contents.delete(path)
    fake.contents.set('/proc/cpuinfo', '')
    for (const [pid, { exe, cmdline = '', uid = 0, cgroup = '0::/\n' }] of Object.entries(all)) {
      const folder = `/proc/${pid}`
      fake.contents.set(`${folder}/cmdline`, cmdline)
      fake.contents.set(`${folder}/status`, `Name:\tx\nUid:\t${uid}\t0\t0\t0\n`)
      fake.contents.set(`${folder}/cgroup`, cgroup)
      if (exe !== undefined) fake.links.set(`${folder}/exe`, exe)
      if (exe !== undefined) fake.links.set(`${folder}/cwd`, '/work')
    }
  }
  set(processes)
  fake.files.names = async (path) => (await fake.files.entries(path))?.map(({ name }) => name)
  const { instance } = await runComponent(definition, body, world)
  const targets = () => {
    const list = instance.published['targets'] as readonly ReadonlyMap<string, string>[]
    return list.map((one) => Object.fromEntries(one))
  }
  return { world, instance, targets, set }
}

const WEB = { exe: '/bin/web', cmdline: 'web\0--port\x00080\0', uid: 1000 }

test('a target for each process that can be looked at, by number', async () => {
  const { targets } = await running('', {
    '10': { ...WEB, cgroup: `0::/system.slice/docker-${ID}.scope\n` },
    '9': { exe: '/bin/sh' },
    '2': {},
  })
  const common = { __meta_process_cwd: '/work' }
  expect(targets()).toEqual([
    { ...common, __process_pid__: '9', __meta_process_exe: '/bin/sh' },
    {
      ...common,
      __process_pid__: '10',
      __meta_process_exe: '/bin/web',
      __meta_process_commandline: 'web --port 080',
      __container_id__: ID,
    },
  ])
})

test('has the labels that are asked for', async () => {
  const body = `discover_config {
    exe          = false
    cwd          = false
    commandline  = false
    container_id = false
    uid          = true
    username     = true
    cgroup_path  = true
  }`
  const { targets } = await running(body, {
    '2': { cgroup: '2:cpu:/a\n1:mem:/b\n' },
    '3': { uid: 77 },
  })
  expect(targets()).toEqual([
    {
      __process_pid__: '2',
      __meta_process_uid: '0',
      __meta_process_username: 'root',
      __meta_process_cgroup_path: '2:cpu:/a|1:mem:/b',
    },
    { __process_pid__: '3', __meta_process_uid: '77', __meta_process_cgroup_path: '0::/' },
  ])
})

test('takes the labels of the container that a process runs in', async () => {
  const body = `join = [
    { __meta_docker_container_id = "${ID}", name = "web" },
    { __meta_kubernetes_pod_container_id = "containerd://other", name = "gone" },
    { name = "no container" },
  ]
  discover_config {
    cwd         = false
    commandline = false
  }`
  const { targets } = await running(body, {
    '10': { ...WEB, cgroup: `0::/docker/${ID}\n` },
    '11': WEB,
  })
  const docker = { __meta_docker_container_id: ID, name: 'web' }
  expect(targets()).toEqual([
    { name: 'no container' },
    { __process_pid__: '10', __meta_process_exe: '/bin/web', __container_id__: ID, ...docker },
    { __process_pid__: '11', __meta_process_exe: '/bin/web' },
    docker,
    { __meta_kubernetes_pod_container_id: 'containerd://other', name: 'gone' },
  ])
})

test('looks again by interval', async () => {
  const { world, targets, set } = await running('refresh_interval = "5s"', { '10': WEB })
  set({ '11': WEB })
  await world.clock.tick(4999)
  expect(targets()).toMatchObject([{ __process_pid__: '10' }])
  await world.clock.tick(1)
  expect(targets()).toMatchObject([{ __process_pid__: '11' }])
})

test('says where there is no /proc', async () => {
  const { world } = await running('', {})
  world.fake.contents.clear()
  const { instance } = await runComponent(definition, '', world)
  expect(instance.published['targets']).toEqual([])
  expect(instance.health().message).toBe('there is no /proc: processes are found on Linux only')
})

test.each([
  [`0::/docker/${ID}`, ID],
  [`0::/system.slice/docker-${ID}.scope`, ID],
  [`0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${ID}.scope`, ID],
  [`0::/\n1:name=systemd:/docker/${ID}\n`, ID],
  ['0::/user.slice/session-1.scope', undefined],
  [`0::/docker/${ID}ff`, undefined],
])('the container of %j', (cgroup, id) => {
  expect(containerIn(cgroup)).toBe(id)
})
