export { AdminServer } from './admin-server.js'
export { type AppOptions, adminApp } from './app.js'
export { httpBlock } from './http-block.js'
