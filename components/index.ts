/** Every component there is. The folder's path is the component's name. */
import type { Definition } from '#sdk'
import discoveryDns from './discovery/dns/dns.js'
import discoveryFile from './discovery/file/file.js'
import discoveryHttp from './discovery/http/http.js'
import discoveryProcess from './discovery/process/process.js'
import discoveryRelabel from './discovery/relabel/relabel.js'
import localFile from './local/file/file.js'
import localFileMatch from './local/file_match/file-match.js'
import lokiEcho from './loki/echo/echo.js'
import authBasic from './otelcol/auth/basic/basic.js'
import authBearer from './otelcol/auth/bearer/bearer.js'
import authHeaders from './otelcol/auth/headers/headers.js'
import exporterDebug from './otelcol/exporter/debug/debug.js'
import exporterOtlp from './otelcol/exporter/otlp/otlp.js'
import exporterOtlphttp from './otelcol/exporter/otlphttp/otlphttp.js'
import processorAttributes from './otelcol/processor/attributes/attributes.js'
import processorBatch from './otelcol/processor/batch/batch.js'
import processorMemoryLimiter from './otelcol/processor/memory_limiter/memory-limiter.js'
import receiverOtlp from './otelcol/receiver/otlp/otlp.js'
import storageFile from './otelcol/storage/file/file.js'
import prometheusEcho from './prometheus/echo/echo.js'
import prometheusRelabel from './prometheus/relabel/relabel.js'
import prometheusScrape from './prometheus/scrape/scrape.js'
import remoteHttp from './remote/http/http.js'

export const components: readonly Definition[] = [
  discoveryDns,
  discoveryFile,
  discoveryHttp,
  discoveryProcess,
  discoveryRelabel,
  localFile,
  localFileMatch,
  lokiEcho,
  authBasic,
  authBearer,
  authHeaders,
  exporterDebug,
  exporterOtlp,
  exporterOtlphttp,
  processorAttributes,
  processorBatch,
  processorMemoryLimiter,
  receiverOtlp,
  storageFile,
  prometheusEcho,
  prometheusRelabel,
  prometheusScrape,
  remoteHttp,
]
