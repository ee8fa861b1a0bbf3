export { type LanguageServerOptions, serveLanguage } from './server.js'
export type { FileMode } from './workspace.js'
