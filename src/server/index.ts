export { createServer, type Server, type ServerOptions } from './server.ts'
export { startServer } from './start-server.ts'
