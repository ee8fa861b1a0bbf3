import type { OtlpSignal } from '#pdata'
import {
  type ArgumentsOf,
  attributes,
  block,
  blocks,
  boolean,
  type Consumer,
  choice,
  consumers,
  type Definition,
  defineConfigBlock,
  duration,
  integer,
  list,
  map,
  number,
  type Problem,
  secret,
  string,
  type,
} from '#sdk'
import { JaegerSampler } from './jaeger-sampler.js'
import { OWN_SIGNALS, type OwnSignal, type OwnSources, OwnTelemetry } from './own-telemetry.js'

const tls = attributes({
  ca_pem: string({ about: 'What the server certificate is signed by, as text.' }),
  ca_file: string({ about: 'What the server certificate is signed by, as a path.' }),
  cert_pem: string({ about: 'The client certificate, as text.' }),
  cert_file: string({ about: 'The client certificate, as a path.' }),
  key_pem: secret({ about: 'The private key of the client, as text.' }),
  key_file: string({ about: 'The private key of the client, as a path.' }),
  insecure_skip_verify: boolean({ default: false, about: 'Takes any certificate.' }),
})

const otlp = attributes({
  endpoint: string({
    required: true,
    check: notAnUrl,
    about: 'Where to send: a URL with http:// or https://, without the path of a signal.',
  }),
  protocol: choice(['grpc', 'http'], {
    default: 'grpc',
    about: 'OTLP over gRPC, or JSON over HTTP to /v1/traces, /v1/metrics and /v1/logs.',
  }),
  signals: list(type.choice(OWN_SIGNALS), {
    default: [...OWN_SIGNALS],
    about: 'What is sent there.',
  }),
  headers: map(type.stringOrSecret, { default: {}, about: 'Headers of each request.' }),
  compression: choice(['gzip', 'none'], { default: 'gzip', about: 'How requests are compressed.' }),
  timeout: duration({ default: '10s', min: '1ms', about: 'How long an answer is waited for.' }),
  tls: block(tls, { about: 'Of an https:// endpoint.' }),
})

const fraction = {
  min: 0,
  max: 1,
  about: 'The part of batches that are traced on their way, from 0 to 1; loads always are.',
} as const

const telemetrySchema = attributes(
  {
    sampling_fraction: number({ default: 0.1, ...fraction }),
    metrics_interval: duration({ default: '60s', min: '100ms', about: 'How often metrics leave.' }),
    delay: duration({
      default: '5s',
      min: '10ms',
      about: 'How long spans and log lines wait for others to leave with.',
    }),
    resource_attributes: map(type.string(), {
      default: {},
      about: 'Of the resource, besides service.name (weir), service.version and the instance id.',
    }),
    otlp: blocks(otlp, { about: 'An endpoint that is sent to, without a pipeline.' }),
    output: block(
      attributes({
        traces: consumers('traces', 'Where its spans go.'),
        metrics: consumers('metrics', 'Where its data points go.'),
        logs: consumers('logs', 'Where its log records go.'),
      }),
      { absent: 'defaults', about: 'Consumers of the own pipeline that are handed the data.' },
    ),
  },
  ({ resource_attributes }): readonly Problem[] =>
    resource_attributes.has('service.instance.id')
      ? [
          {
            path: ['resource_attributes'],
            message: 'service.instance.id is given by the agent, to know its own telemetry again',
          },
        ]
      : [],
)

/** The `telemetry` block: sends what the agent tells of itself. */
export function telemetryBlock(sources: OwnSources): Definition {
  return defineConfigBlock({
    name: 'telemetry',
    stability: 'generally-available',
    about: "Sends the agent's own traces, metrics and logs.",
    schema: telemetrySchema,
    outputs: ({ output }) => output,
    create: (context, values, intake) =>
      new OwnTelemetry(
        context,
        {
          fraction: values.sampling_fraction,
          metricsIntervalMs: values.metrics_interval,
          delayMs: values.delay,
          attributes: values.resource_attributes,
          endpoints: values.otlp,
          piped: pipedBy(values.output),
        },
        sources,
        intake,
      ),
  })
}

const jaegerRemote = attributes({
  url: string({
    default: 'http://127.0.0.1:5778/sampling',
    check: notAnUrl,
    about: 'Where the fraction is asked for.',
  }),
  max_operations: integer({
    default: 256,
    min: 1,
    about: 'Accepted for Alloy configs: Weir samples no operation apart.',
  }),
  refresh_interval: duration({ default: '1m', min: '1s', about: 'How often it is asked.' }),
})

const tracingSchema = attributes({
  sampling_fraction: number({ default: 0.1, ...fraction }),
  write_to: consumers('traces', 'Consumers that are handed the spans.'),
  sampler: block(
    attributes({
      jaeger_remote: block(jaegerRemote, { about: 'A service that says how much is sampled.' }),
    }),
    { about: 'What decides in place of the fraction.' },
  ),
})

/** Spans wait for each other so long. */
const TRACING_DELAY_MS = 5000
const NEVER_MS = 2 ** 31 - 1

/** The `tracing` block as Alloy has it: traces alone, into the own pipeline. */
export function tracingBlock(sources: OwnSources): Definition {
  return defineConfigBlock({
    name: 'tracing',
    stability: 'generally-available',
    about: "Hands the agent's own traces to consumers; see telemetry for all signals.",
    schema: tracingSchema,
    outputs: ({ write_to }) => ({ traces: write_to }),
    create: (context, { sampling_fraction, write_to, sampler }, intake) => {
      const settings = {
        fraction: sampling_fraction,
        metricsIntervalMs: NEVER_MS,
        delayMs: TRACING_DELAY_MS,
        attributes: new Map<string, string>(),
        endpoints: [],
        piped: pipedBy({ traces: write_to }),
      }
      const remote = sampler?.jaeger_remote && new JaegerSampler(context, sampler.jaeger_remote)
      return new OwnTelemetry(context, settings, sources, intake, remote)
    },
  })
}

export type JaegerRemote = ArgumentsOf<typeof jaegerRemote>

function pipedBy(output: Partial<Record<OtlpSignal, readonly Consumer[]>>): readonly OwnSignal[] {
  return OWN_SIGNALS.filter((signal) => (output[signal]?.length ?? 0) > 0)
}

function notAnUrl(text: string): string | undefined {
  return /^https?:\/\/[^/]/.test(text) ? undefined : 'a URL with http:// or https://'
}
