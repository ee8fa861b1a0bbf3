export { formatAddress, listenerKey, parseAddress } from './address.js'
export {
  COMPRESSIONS,
  type Compression,
  compress,
  compressionLevels,
} from './compress.js'
export { ConfiguredHttpClient, type HttpClientSurroundings } from './configured-http-client.js'
export { CONNECTION_RULES_DEFAULT, type ConnectionRules } from './connection-rules.js'
export type { CorsSettings } from './cors.js'
export { decompress, ENCODINGS, type Encoding, parseEncoding } from './decompress.js'
export {
  type CallOptions,
  GRPC_CLIENT_DEFAULTS,
  GrpcClient,
  type GrpcClientOptions,
} from './grpc-client.js'
export type { GrpcAnswer } from './grpc-exchange.js'
export {
  GRPC_SERVER_DEFAULTS,
  type GrpcMethod,
  type GrpcRequest,
  type GrpcServerOptions,
  grpcOffer,
} from './grpc-server.js'
export { type GrpcTarget, parseGrpcTarget } from './grpc-target.js'
export {
  HTTP_CLIENT_DEFAULTS,
  type HttpCall,
  HttpClient,
  type HttpClientOptions,
  type HttpReply,
} from './http-client.js'
export {
  checkHttpClient,
  type HttpClientValues,
  httpClientFields,
  isHttpUrl,
} from './http-client-block.js'
export { checkHttpPoll, HttpPoll, httpPollFields } from './http-poll-block.js'
export {
  HTTP_SERVER_DEFAULTS,
  type HttpAnswer,
  type HttpErrorBody,
  type HttpRequest,
  type HttpRoute,
  type HttpServerOptions,
  httpOffer,
  renderStatus,
} from './http-server.js'
export { HttpBlockServer, httpServerBlock } from './http-server-block.js'
export type { ClientPings } from './http2-client.js'
export { SELF_ADDRESS, withInternalHost } from './internal-network.js'
export { Listener, leaseListener, type Offer, type Surroundings } from './listener.js'
export { classifyGrpc, classifyHttp, parseRetryAfter, type Verdict } from './retry-rules.js'
export type { Served } from './serving.js'
export { snap, unsnap } from './snappy-block.js'
export {
  Code,
  codeName,
  codeOfHttp,
  httpStatusOf,
  refusingMalformed,
  StatusError,
  type StatusOptions,
  statusOf,
} from './status.js'
export { systemNetwork } from './system-network.js'
export { ClientTls, ServerTls, type TlsSurroundings } from './tls.js'
export {
  type ClientTlsConfig,
  checkTls,
  type ServerTlsConfig,
  type TlsConfig,
  type TlsProblem,
} from './tls-config.js'
