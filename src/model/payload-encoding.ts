import { PassThrough, type Transform } from 'node:stream'
import { promisify } from 'node:util'
import { brotliDecompress, createBrotliDecompress, createGunzip, gunzip } from 'node:zlib'

/**
 * How the bytes of a stored file are kept: as they came (they were compressed already), packed with gzip by the import,
 * or packed more tightly with brotli by retention. The name stands in `payloads.encoding`.
 */
export const PAYLOAD_ENCODINGS = ['brotli', 'gzip', 'identity'] as const
export type PayloadEncoding = (typeof PAYLOAD_ENCODINGS)[number]

const gunzipAsync = promisify(gunzip)
const unbrotliAsync = promisify(brotliDecompress)

/**
 * The file's own bytes, of stored ones that are all in memory.
 * @throws an error with the code `ERR_BUFFER_TOO_LARGE` when they would be more than `longest`
 */
export async function unpackStored(encoding: string, stored: Buffer, longest: number): Promise<Buffer> {
  const known = encodingOf(encoding)
  if (known === 'gzip') return gunzipAsync(stored, { maxOutputLength: longest })
  if (known === 'brotli') return unbrotliAsync(stored, { maxOutputLength: longest })
  return stored
}

/** Turns stored bytes into the file's own, piece by piece. */
export function storedUnpacker(encoding: string): Transform {
  const known = encodingOf(encoding)
  if (known === 'gzip') return createGunzip()
  return known === 'brotli' ? createBrotliDecompress() : new PassThrough()
}

function encodingOf(name: string): PayloadEncoding {
  const known = PAYLOAD_ENCODINGS.find((encoding) => encoding === name)
  if (known) return known
  throw new Error(`A stored file is packed with '${name}', which this version cannot unpack.`)
}
