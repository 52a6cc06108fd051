import type { ServerResponse } from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import contentDisposition from 'content-disposition'
import type { FetchAPI } from 'graphql-yoga'
import Negotiator from 'negotiator'
import type { Exporting } from '../exports/export-stream.ts'
import type { Format } from '../exports/formats.ts'

type Options = {
  request: Request
  /** Of the server: it has the connection. */
  context: unknown
  fetchAPI: FetchAPI
  format: Format
  /** Without its ending. */
  fileName: string
  headers: Record<string, string>
}

/** Texts get a third as large at this level, which one core does at some 100 MB a second. */
const GZIP_LEVEL = 2

/**
 * The answer that is a file. When the file cannot be finished, the connection breaks, so that nobody takes what arrived
 * for the whole.
 */
export function fileResponse({ stream }: Exporting, options: Options): Response {
  const { request, context, fetchAPI, format } = options
  const headers = fileHeaders(options)
  const isCompressed = format.isCompressible && takesGzip(request)
  if (isCompressed) headers['content-encoding'] = 'gzip'
  const body = isCompressed ? compressed(stream) : stream
  const { res } = context as { res?: ServerResponse }
  body.once('error', () => res?.destroy())
  // Yoga's own pipe ends only what it was given.
  res?.once('close', () => body.destroy())
  return new fetchAPI.Response(body as unknown as ReadableStream, { headers })
}

/** What is said of a file, with or without it. */
export function fileHeaders({ format, fileName, headers }: Pick<Options, 'format' | 'fileName' | 'headers'>) {
  const said: Record<string, string> = {
    'content-type': format.mediaType,
    // Of a path only its last step would be left.
    'content-disposition': contentDisposition(`${fileName.replace(/[\\/]/g, '-')}.${format.name}`),
    'x-content-type-options': 'nosniff',
    ...headers,
  }
  if (format.isCompressible) said.vary = 'Accept-Encoding'
  return said
}

function takesGzip(request: Request): boolean {
  const encoding = request.headers.get('accept-encoding') ?? ''
  return new Negotiator({ headers: { 'accept-encoding': encoding } }).encodings(['gzip', 'identity'])[0] === 'gzip'
}

function compressed(stream: Readable): Readable {
  return pipeline(stream, createGzip({ level: GZIP_LEVEL }), () => undefined)
}
