import { checkHttpClient, httpClientFields, isHttpUrl } from '#net'
import { durabilityFields, endpointName, repeatedNames } from '#queue'
import {
  type ArgumentsOf,
  attributes,
  block,
  blocks,
  boolean,
  choice,
  duration,
  integer,
  map,
  type Problem,
  size,
  string,
  type,
} from '#sdk'

const queueConfig = attributes({
  capacity: size({ default: '10MiB', min: '1KiB', about: 'In memory: how much may wait.' }),
  min_shards: integer({ default: 1, min: 1, max: 1000, about: 'Requests at once, at most.' }),
  drain_timeout: duration({
    default: '15s',
    about: 'Has no effect: what cannot be delivered at the end stays on disk.',
  }),
  block_on_overflow: boolean({
    default: true,
    about: 'Whether senders wait for room; false is when_full = "refuse".',
  }),
  ...durabilityFields,
  when_full: choice(['wait', 'refuse', 'drop_oldest'], {
    about: 'Instead of block_on_overflow: drop_oldest lets old data go.',
  }),
})

const endpoint = attributes(
  {
    url: string({
      required: true,
      about: 'Where requests go.',
      check: (text) =>
        isHttpUrl(text)
          ? undefined
          : 'a URL with http:// or https://, such as "http://loki:3100/loki/api/v1/push"',
    }),
    name: endpointName,
    tenant_id: string({
      default: '',
      about: 'The tenant of entries that have no label __tenant_id__; "" for none.',
    }),
    batch_size: size({ default: '1MiB', min: '1KiB', about: 'A request leaves at this size.' }),
    batch_wait: duration({
      default: '1s',
      min: '1ms',
      about: 'A request that is not full leaves this long after its oldest entry came.',
    }),
    remote_timeout: duration({ default: '10s', min: '1ms', about: 'How long a try may take.' }),
    headers: map(type.string(), { default: {}, about: 'Headers of every request.' }),
    min_backoff_period: duration({
      default: '500ms',
      min: '1ms',
      about: 'The first wait; it doubles.',
    }),
    max_backoff_period: duration({ default: '5m', min: '1ms', about: 'The longest wait.' }),
    max_backoff_retries: integer({
      default: 10,
      min: 0,
      about: 'Has no effect: data is tried again for as long as there is room for it.',
    }),
    retry_on_http_429: boolean({
      default: true,
      about: 'Whether what is refused with 429 is tried again.',
    }),
    ...httpClientFields,
    queue_config: block(queueConfig, { absent: 'defaults', about: 'How data waits.' }),
  },
  (values) => [
    ...checkHttpClient(values),
    ...(values.min_backoff_period > values.max_backoff_period
      ? [
          {
            path: ['max_backoff_period'],
            message: 'max_backoff_period is below min_backoff_period',
          },
        ]
      : []),
  ],
)

export type EndpointValues = ArgumentsOf<typeof endpoint>

const NO_EFFECT = 'Has no effect: data on disk is kept until it has been delivered.'

const wal = attributes({
  enabled: boolean({ default: false, about: NO_EFFECT }),
  max_segment_age: duration({ default: '1h', about: NO_EFFECT }),
  min_read_frequency: duration({ default: '250ms', about: NO_EFFECT }),
  max_read_frequency: duration({ default: '1s', about: NO_EFFECT }),
  drain_timeout: duration({ default: '15s', about: NO_EFFECT }),
})

export const schema = attributes(
  {
    external_labels: map(type.string(), {
      default: {},
      about: 'Labels of every stream that has none of that name.',
    }),
    max_streams: integer({
      default: 0,
      min: 0,
      about: 'Has no effect: Loki has limits of its own.',
    }),
    endpoint: blocks(endpoint, { about: 'Where to, and how; each gets everything.' }),
    wal: block(wal, { absent: 'defaults', about: "Accepted for Alloy's configs." }),
  },
  ({ external_labels: labels, endpoint: endpoints }) => [
    ...wrongLabels(labels),
    ...repeatedNames(endpoints),
  ],
)

function wrongLabels(labels: ReadonlyMap<string, string>): readonly Problem[] {
  const wrong = [...labels.keys()].find((name) => !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))
  if (wrong === undefined) return []
  return [{ path: ['external_labels'], message: `"${wrong}" is no name of a label` }]
}
