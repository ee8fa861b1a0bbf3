export { DEBOUNCE_MS } from './publisher.js'
export { type LanguageServerOptions, serveLanguage } from './server.js'
export type { FileMode } from './workspace.js'
