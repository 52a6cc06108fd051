export { createServer, type Server, type ServerOptions } from './server.ts'
export { type StartedServer, startServer } from './start-server.ts'
export { readTrustedDocuments } from './trusted-documents.ts'
