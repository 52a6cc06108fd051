import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'

/** Of requests that came over no connection. */
const NO_ADDRESS = 'here'

/**
 * The address that a client is counted by; of IPv6 its network of 64 bits, within which one client has any address it
 * likes.
 * @param header in which a proxy writes the address; the last entry is its own, those before are whatever the client says
 */
export function clientAddressOf(request: Request, context: unknown, header: string | undefined): string {
  const written = header && request.headers.get(header)?.split(',').at(-1)?.trim()
  const address = written || (context as { req?: IncomingMessage }).req?.socket.remoteAddress
  if (!address) return NO_ADDRESS
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  return isIPv6(plain) ? networkOf(plain) : plain.slice(0, 100)
}

function networkOf(address: string): string {
  const [left = '', right] = address.replace(/%.*/, '').split('::')
  const front = left === '' ? [] : left.split(':')
  const back = right === undefined || right === '' ? [] : right.split(':')
  const groups = right === undefined ? front : [...front, ...Array(8 - front.length - back.length).fill('0'), ...back]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
