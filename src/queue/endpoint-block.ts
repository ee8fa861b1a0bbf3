/** What components with several `endpoint` blocks, each with a `queue_config`, have in common. */
import { hash } from 'node:crypto'
import { choice, type Problem, size, string } from '#sdk'
import type { DeliverySettings } from './delivery.js'

const NAME_LENGTH_MAX = 100

export const endpointName = string({
  about: 'Its name in metrics and of its queue; of several endpoints each should have one.',
  check: (text) =>
    text !== '' && text.length <= NAME_LENGTH_MAX
      ? undefined
      : `a name of 1 to ${NAME_LENGTH_MAX} characters`,
})

/** Fields of `queue_config`. */
export const durabilityFields = {
  durability: choice(['disk', 'memory'], {
    default: 'disk',
    about: 'Where data waits; what is on disk is there after a crash.',
  }),
  max_disk_size: size({ default: '2GiB', min: '1MiB', about: 'What it may take of the disk.' }),
  dead_letter_size: size({
    default: '256MiB',
    about: 'On disk: room for data the endpoint refuses for good; "0" drops it.',
  }),
} as const

interface Durability {
  readonly durability: 'disk' | 'memory'
  readonly max_disk_size: number
  readonly dead_letter_size: number
}

/** The limits of a queue whose size in memory is `memorySize`. */
export function placeOf(config: Durability, memorySize: number) {
  return config.durability === 'disk'
    ? {
        limits: { size: Number.POSITIVE_INFINITY, storedBytes: config.max_disk_size },
        disk: { deadBytesMax: config.dead_letter_size, storage: undefined },
      }
    : { limits: { size: memorySize, storedBytes: Number.POSITIVE_INFINITY }, disk: undefined }
}

export const ENDPOINT_ADVICE: DeliverySettings['advice'] = {
  full: 'give queue_config more room',
  elsewhere: '--storage.path',
  inMemory: 'write queue_config { durability = "memory" }',
}

export interface EndpointName {
  /** Of its queue; undefined for the only one that was given none. */
  readonly queue: string | undefined
  /** In metrics. */
  readonly name: string
}

interface Named {
  readonly name: string | undefined
  readonly url: string
  readonly headers: ReadonlyMap<string, string>
  readonly tenant_id?: string
}

const HASH_LENGTH = 6

/**
 * Data that waits must never go to another endpoint because blocks changed places: of several
 * without names each is named by where it sends to.
 */
export function namesOf(endpoints: readonly Named[]): readonly EndpointName[] {
  const unnamed = endpoints.filter(({ name }) => name === undefined).length
  return endpoints.map(({ name, url, headers, tenant_id: tenant }) => {
    if (name !== undefined) return { queue: name, name }
    const place = [url, ...(tenant === undefined ? [] : [tenant]), ...headers]
    const hashed = hash('sha256', JSON.stringify(place)).slice(0, HASH_LENGTH)
    return { queue: unnamed === 1 ? undefined : hashed, name: hashed }
  })
}

/** The check of a body whose `endpoint` blocks these are. */
export function repeatedNames(endpoints: readonly Named[]): readonly Problem[] {
  const names = namesOf(endpoints).map(({ name }) => name)
  return names.flatMap((name, index) =>
    names.indexOf(name) < index
      ? [
          {
            path: ['endpoint', index],
            message: `endpoint "${name}" is there twice`,
            help: 'give each endpoint a name of its own',
          },
        ]
      : [],
  )
}
