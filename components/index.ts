/**
 * Every component there is, by name; a config loads those that it names. The folder's path is the
 * component's name.
 */
export const components = {
  'discovery.dns': () => import('./discovery/dns/dns.js'),
  'discovery.file': () => import('./discovery/file/file.js'),
  'discovery.http': () => import('./discovery/http/http.js'),
  'discovery.process': () => import('./discovery/process/process.js'),
  'discovery.relabel': () => import('./discovery/relabel/relabel.js'),
  'local.file': () => import('./local/file/file.js'),
  'local.file_match': () => import('./local/file_match/file-match.js'),
  'loki.echo': () => import('./loki/echo/echo.js'),
  'loki.relabel': () => import('./loki/relabel/relabel.js'),
  'loki.source.api': () => import('./loki/source/api/api.js'),
  'loki.write': () => import('./loki/write/write.js'),
  'otelcol.auth.basic': () => import('./otelcol/auth/basic/basic.js'),
  'otelcol.auth.bearer': () => import('./otelcol/auth/bearer/bearer.js'),
  'otelcol.auth.headers': () => import('./otelcol/auth/headers/headers.js'),
  'otelcol.exporter.debug': () => import('./otelcol/exporter/debug/debug.js'),
  'otelcol.exporter.loki': () => import('./otelcol/exporter/loki/loki.js'),
  'otelcol.exporter.otlp': () => import('./otelcol/exporter/otlp/otlp.js'),
  'otelcol.exporter.otlphttp': () => import('./otelcol/exporter/otlphttp/otlphttp.js'),
  'otelcol.exporter.prometheus': () => import('./otelcol/exporter/prometheus/prometheus.js'),
  'otelcol.processor.attributes': () => import('./otelcol/processor/attributes/attributes.js'),
  'otelcol.processor.batch': () => import('./otelcol/processor/batch/batch.js'),
  'otelcol.processor.memory_limiter': () =>
    import('./otelcol/processor/memory_limiter/memory-limiter.js'),
  'otelcol.receiver.loki': () => import('./otelcol/receiver/loki/loki.js'),
  'otelcol.receiver.otlp': () => import('./otelcol/receiver/otlp/otlp.js'),
  'otelcol.receiver.prometheus': () => import('./otelcol/receiver/prometheus/prometheus.js'),
  'otelcol.storage.file': () => import('./otelcol/storage/file/file.js'),
  'prometheus.echo': () => import('./prometheus/echo/echo.js'),
  'prometheus.relabel': () => import('./prometheus/relabel/relabel.js'),
  'prometheus.remote_write': () => import('./prometheus/remote_write/remote-write.js'),
  'prometheus.scrape': () => import('./prometheus/scrape/scrape.js'),
  'remote.http': () => import('./remote/http/http.js'),
}
