import type { Target } from '#sdk'

/** The id of a container in a line of /proc/PID/cgroup: 64 hexadecimal digits of the last name. */
const CONTAINER = /\/(?:[^/\n]*-)?([0-9a-f]{64})(?:\..*|\s*)$/m

/** The container that a cgroup file names first. */
export function containerIn(cgroup: string): string | undefined {
  return CONTAINER.exec(cgroup)?.[1]
}

/**
 * Processes with the labels of those targets that are of the same container, then the targets that
 * name one; before them those that name none.
 */
export function joined(
  processes: readonly Target[],
  targets: readonly Target[],
): readonly Target[] {
  const byContainer = new Map<string, Target>()
  const others: Target[] = []
  for (const target of targets) {
    const id = containerOf(target)
    if (id) byContainer.set(id, target)
    else others.push(target)
  }
  const merged = processes.map((process) => {
    const container = byContainer.get(containerOf(process) ?? '')
    return container ? new Map([...process, ...container]) : process
  })
  return [...others, ...merged, ...byContainer.values()]
}

function containerOf(target: Target): string | undefined {
  const [, ofKubernetes] =
    /^(?:docker|containerd|cri-o):\/\/(.*)$/.exec(
      target.get('__meta_kubernetes_pod_container_id') ?? '',
    ) ?? []
  return target.get('__container_id__') || ofKubernetes || target.get('__meta_docker_container_id')
}
