export type * as ast from './ast.js'
export { type Code, codesOf, diagnose } from './codes.js'
export { type Diagnostic, type Fix, hasErrors, type Note } from './diagnostic.js'
export { diagnosticToJson, type JsonDiagnostic } from './diagnostic-json.js'
export { format } from './format.js'
export { isIdentifier, sanitizeIdentifier } from './identifier.js'
export { nearest } from './nearest.js'
export { type ParsedFile, parseExpression, parseFile } from './parse.js'
export { type RenderOptions, renderDiagnostics } from './render.js'
export {
  type Position,
  readSource,
  SOURCE_SIZE_MAX,
  Source,
  type Span,
  spanOver,
  textOf,
} from './source.js'
export { unquote } from './string-literal.js'
export { type Token, tokensOf } from './token-list.js'
export { childrenOf } from './tree-depth.js'
