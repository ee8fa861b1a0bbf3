import { checkHttpClient, httpClientFields, isHttpUrl } from '#net'
import { durabilityFields, endpointName, repeatedNames } from '#queue'
import { ruleBlocks } from '#relabel'
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
  string,
  type,
} from '#sdk'

const queueConfig = attributes(
  {
    capacity: integer({
      default: 10_000,
      min: 1,
      about: 'In memory: samples that wait, for each of max_shards.',
    }),
    max_shards: integer({ default: 50, min: 1, max: 1000, about: 'Requests at once, at most.' }),
    min_shards: integer({
      default: 1,
      min: 1,
      about: 'Has no effect: there are as many requests at once as the data needs.',
    }),
    max_samples_per_send: integer({ default: 2000, min: 1, about: 'Samples in a request.' }),
    batch_send_deadline: duration({
      default: '5s',
      min: '1ms',
      about: 'A request that is not full leaves this long after its oldest sample came.',
    }),
    min_backoff: duration({ default: '30ms', min: '1ms', about: 'The first wait; it doubles.' }),
    max_backoff: duration({ default: '5s', min: '1ms', about: 'The longest wait.' }),
    retry_on_http_429: boolean({
      default: true,
      about: 'Whether what is refused with 429 is tried again.',
    }),
    sample_age_limit: duration({
      default: '0s',
      about: 'Data that has waited longer is dropped after a failure; "0s" never.',
    }),
    ...durabilityFields,
    when_full: choice(['wait', 'refuse', 'drop_oldest'], {
      default: 'refuse',
      about: 'Senders wait for room, are refused with a hint when to retry, or old data goes.',
    }),
  },
  ({ min_shards, max_shards, min_backoff, max_backoff }) => [
    ...(min_shards > max_shards
      ? [{ path: ['max_shards'], message: 'max_shards is below min_shards' }]
      : []),
    ...(min_backoff > max_backoff
      ? [{ path: ['max_backoff'], message: 'max_backoff is below min_backoff' }]
      : []),
  ],
)

const metadataConfig = attributes({
  send: boolean({ default: true, about: 'Whether help, type and unit of metrics are sent.' }),
  send_interval: duration({
    default: '1m',
    min: '1ms',
    about: 'How often those of a metric are sent that have not changed.',
  }),
  max_samples_per_send: integer({
    default: 2000,
    min: 1,
    about: 'Metrics whose metadata goes with one batch.',
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
          : 'a URL with http:// or https://, such as "http://mimir:9009/api/v1/push"',
    }),
    name: endpointName,
    protobuf_message: choice(['prometheus.WriteRequest', 'io.prometheus.write.v2.Request'], {
      default: 'prometheus.WriteRequest',
      about: 'The message of remote-write 1.0 or 2.0; who does not know 2.0 gets 1.0.',
    }),
    remote_timeout: duration({ default: '30s', min: '1ms', about: 'How long a try may take.' }),
    headers: map(type.string(), { default: {}, about: 'Headers of every request.' }),
    send_exemplars: boolean({ default: true, about: 'Whether exemplars are sent.' }),
    send_native_histograms: boolean({
      default: false,
      about: 'Whether native histograms are sent; else they are dropped and counted.',
    }),
    round_robin_dns: boolean({ default: false, about: 'Has no effect.' }),
    ...httpClientFields,
    enable_http2: boolean({ default: false, about: 'Has no effect: requests are HTTP/1.1.' }),
    queue_config: block(queueConfig, { absent: 'defaults', about: 'How data waits and is sent.' }),
    metadata_config: block(metadataConfig, { absent: 'defaults', about: 'What goes besides.' }),
    write_relabel_config: ruleBlocks(),
  },
  checkHttpClient,
)

export type EndpointValues = ArgumentsOf<typeof endpoint>

const NO_EFFECT = 'Has no effect: data is kept until it has been delivered, and no longer.'

const wal = attributes({
  truncate_frequency: duration({ default: '2h', about: NO_EFFECT }),
  min_keepalive_time: duration({ default: '5m', about: NO_EFFECT }),
  max_keepalive_time: duration({ default: '8h', about: NO_EFFECT }),
})

export const schema = attributes(
  {
    external_labels: map(type.string(), {
      default: {},
      about: 'Labels of every series that has none of that name.',
    }),
    endpoint: blocks(endpoint, { about: 'Where to, and how; each gets everything.' }),
    wal: block(wal, { absent: 'defaults', about: "Accepted for Alloy's configs." }),
  },
  ({ endpoint: endpoints }) => repeatedNames(endpoints),
)
