import { checkHttpClient, httpClientFields } from '#net'
import {
  type ArgumentsOf,
  attributes,
  block,
  boolean,
  choice,
  duration,
  forwardTo,
  integer,
  list,
  map,
  number,
  type Problem,
  size,
  string,
  targets,
  type,
} from '#sdk'
import { SCRAPE_PROTOCOLS, type ScrapeProtocol, scrapeProtocol } from './exposition/content-type.js'

const protocol = (text: string) =>
  scrapeProtocol(text) === undefined ? `one of ${SCRAPE_PROTOCOLS.join(', ')}` : undefined

export const schema = attributes(
  {
    targets: targets({ required: true, about: 'What to scrape.' }),
    forward_to: forwardTo('samples'),
    job_name: string({
      about: 'The label job of targets that have none; the name of the component unless it is set.',
    }),
    scrape_interval: duration({ default: '60s', min: '1ms', about: 'How often to scrape.' }),
    scrape_timeout: duration({
      default: '10s',
      min: '1ms',
      about: 'How long a scrape may take; not longer than scrape_interval.',
    }),
    scheme: choice(['http', 'https'], { default: 'http', about: 'How targets are asked.' }),
    metrics_path: string({ default: '/metrics', about: 'Where targets have their metrics.' }),
    params: map(type.list(type.string()), { default: {}, about: 'The query of requests.' }),
    honor_labels: boolean({
      default: false,
      about: 'Labels that a target writes win over those it has.',
    }),
    honor_timestamps: boolean({ default: true, about: 'Times that a target writes are taken.' }),
    honor_metadata: boolean({ default: false, about: 'Types, helps and units are sent on.' }),
    track_timestamps_staleness: boolean({
      default: false,
      about: 'Series with times of their own become stale, too.',
    }),
    scrape_protocols: list(type.string(protocol), {
      default: SCRAPE_PROTOCOLS.slice(1) as never,
      about: 'The formats to ask for, the best first.',
    }),
    scrape_fallback_protocol: string({
      default: 'PrometheusText0_0_4',
      about: 'What a body is whose Content-Type says nothing of use.',
      check: protocol,
    }),
    enable_protobuf_negotiation: boolean({
      default: false,
      about: 'Asks for protobuf first.',
      deprecated: 'use scrape_protocols',
    }),
    enable_compression: boolean({ default: true, about: 'Asks for gzip.' }),
    scrape_native_histograms: boolean({
      default: false,
      about: 'Takes native histograms, and asks for protobuf first.',
    }),
    scrape_classic_histograms: boolean({
      default: false,
      about: 'Takes classic histograms where a native one comes in their place, too.',
    }),
    convert_classic_histograms_to_nhcb: boolean({
      default: false,
      about: 'Makes native histograms with custom buckets of classic ones.',
    }),
    native_histogram_bucket_limit: integer({
      default: 0,
      min: 0,
      about: 'Buckets are joined until a native histogram has no more; 0 for no limit.',
    }),
    native_histogram_min_bucket_factor: number({
      default: 0,
      min: 0,
      about: 'Buckets are joined until each is at least so many times the one before; 0 for not.',
    }),
    start_timestamp_zero_ingestion: boolean({
      default: false,
      about: 'Lines of OpenMetrics that say when a series began are no series of their own.',
    }),
    enable_type_and_unit_labels: boolean({
      default: false,
      about: 'Adds the labels __type__ and __unit__.',
    }),
    metric_name_validation_scheme: choice(['legacy', 'utf8'], {
      default: 'legacy',
      about: 'What metrics and labels may be called.',
    }),
    metric_name_escaping_scheme: choice(['allow-utf-8', 'underscores', 'dots', 'values'], {
      about: 'How targets are to write other names; "underscores" with legacy names.',
    }),
    extra_metrics: boolean({
      default: false,
      about: 'Reports timeout, sample limit and body size of each scrape as well.',
    }),
    body_size_limit: size({
      default: '0B',
      about: 'The largest body, uncompressed; 0 for 256 MiB.',
    }),
    sample_limit: integer({ default: 0, min: 0, about: 'The most samples; 0 for no limit.' }),
    target_limit: integer({
      default: 0,
      min: 0,
      about: 'Scrapes fail if there are more targets; 0 for no limit.',
    }),
    label_limit: integer({
      default: 0,
      min: 0,
      about: 'The most labels of a sample; 0 for no limit.',
    }),
    label_name_length_limit: integer({
      default: 0,
      min: 0,
      about: 'The longest name of a label, in bytes; 0 for no limit.',
    }),
    label_value_length_limit: integer({
      default: 0,
      min: 0,
      about: 'The longest value of a label, in bytes; 0 for no limit.',
    }),
    scrape_failure_log_file: string({
      default: '',
      about: 'A file that gets a line for each scrape that fails.',
    }),
    ...httpClientFields,
    clustering: block(
      attributes({
        enabled: boolean({ required: true, about: 'Has no effect: there is no cluster.' }),
      }),
      { about: 'How targets are divided among agents.' },
    ),
  },
  (values): readonly Problem[] => [...checkScrape(values), ...checkHttpClient(values)],
)

export type Arguments = ArgumentsOf<typeof schema>

type Checked = Pick<
  Arguments,
  | 'scrape_interval'
  | 'scrape_timeout'
  | 'scrape_protocols'
  | 'metric_name_validation_scheme'
  | 'metric_name_escaping_scheme'
  | 'native_histogram_min_bucket_factor'
>

function checkScrape(values: Checked): readonly Problem[] {
  const problem = (field: keyof Checked, message: string) => [{ path: [field], message }]
  if (values.scrape_timeout > values.scrape_interval) {
    return problem('scrape_timeout', 'scrape_timeout must not be longer than scrape_interval')
  }
  const protocols = values.scrape_protocols.map(scrapeProtocol)
  if (protocols.length === 0) return problem('scrape_protocols', 'scrape_protocols names none')
  const again = protocols.find((one, n) => protocols.indexOf(one) !== n)
  if (again) return problem('scrape_protocols', `scrape_protocols names ${again} twice`)
  const isLegacy = values.metric_name_validation_scheme === 'legacy'
  if (isLegacy && values.metric_name_escaping_scheme === 'allow-utf-8') {
    const message = 'with metric_name_validation_scheme "legacy" names must be escaped'
    return problem('metric_name_escaping_scheme', message)
  }
  const { native_histogram_min_bucket_factor: factor } = values
  if (factor > 0 && factor < 1) {
    const message = 'native_histogram_min_bucket_factor is 0, or at least 1'
    return problem('native_histogram_min_bucket_factor', message)
  }
  return []
}

/** What to ask targets for, the best first. */
export function protocolsOf(values: Arguments): readonly ScrapeProtocol[] {
  const named = values.scrape_protocols.map((name) => scrapeProtocol(name)!)
  const wantsProtobuf = values.scrape_native_histograms || values.enable_protobuf_negotiation
  if (!wantsProtobuf || named.includes('PrometheusProto')) return named
  return ['PrometheusProto', ...named]
}
