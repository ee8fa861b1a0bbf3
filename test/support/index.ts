export { allComponents } from './all-components.js'
export { argumentsOf, checkBody, processed } from './component-body.js'
export { type FakeContext, fakeContext } from './context.js'
export { corpus } from './corpus.js'
export { damage } from './damage.js'
export { type RecordedEntry, RecordingSink } from './exposition.js'
export { FakeClock, settle } from './fake-clock.js'
export { type DiskCall, FakeDisk, failure as diskFailure } from './fake-disk.js'
export {
  type GrpcJsAnswer,
  grpcClient,
  grpcJsCall,
  grpcJsClient,
  grpcMessage,
  grpcServerOptions,
  loopback,
  type RawGrpcAnswer,
  type RunningServer,
  rawGrpcCall,
  startGrpcJsServer,
  startGrpcServer,
  TRACES,
} from './grpc.js'
export {
  callData,
  callHeaders,
  callOn,
  eventually,
  frameClient,
  serveGrpc,
  wholeCall,
} from './grpc-frames.js'
export { outcomeOf, respondGrpc, startScriptedGrpc } from './grpc-scripted.js'
export {
  httpClient,
  httpServerOptions,
  otlpRoute,
  parseAnswers,
  type RawAnswer,
  rawExchange,
  startHttpServer,
} from './http.js'
export { type Authority, type Certificate, makeAuthority } from './http-certificates.js'
export {
  FLAG,
  FRAME,
  type Frame,
  FrameClient,
  frame,
  grpcHeaders,
  headerBlock,
  number32,
  PREFACE,
} from './http2-frames.js'
export { letterBatch, lettersOf } from './letters.js'
export {
  encodeFamilies,
  encodeFamily,
  type Family,
  type FamilyExemplar,
  type FamilyMetric,
  linesOf,
  printFamilies,
} from './metric-families.js'
export {
  counterRequest,
  keyValue,
  type SampleShape,
  sampleObject,
  sampleOf,
  sampleRequest,
} from './otlp.js'
export {
  type Attrs,
  attributesFrom,
  attributesTo,
  encodeGroups,
  type Group,
  groupsOf,
} from './otlp-groups.js'
export {
  decodeMessage,
  decodeRequest,
  encodeMessage,
  encodeRequest,
  type Plain,
} from './otlp-oracle.js'
export { randomFrom } from './random.js'
export { randomMessage } from './random-message.js'
export { sampleLines } from './sample-lines.js'
export { slowSampleLines } from './slow-samples.js'
