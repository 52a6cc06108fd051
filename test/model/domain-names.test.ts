import { expect, it } from 'vitest'
import { normalizeDomain } from '../../src/model/domain-names.ts'

it.each([
  ['signalfold.io', 'signalfold.io'],
  ['WWW.Signalfold.Io', 'signalfold.io'],
  ['https://signalfold.io:443/about?x=1#y', 'signalfold.io'],
  ['http://www.a.b.example/', 'a.b.example'],
  ['giftlane42.com/', 'giftlane42.com'],
  ['  https://user:secret@Host.Example.:8080/ ', 'host.example'],
  ['//cdn.example/x', 'cdn.example'],
  ['müller.example', 'xn--mller-kva.example'],
  ['ftp://files.example/x', 'files.example'],
  ['', null],
  ['localhost', null],
  ['not a domain', null],
  [null, null],
  [undefined, null],
])('reads %j as %j', (text, expected) => {
  expect(normalizeDomain(text)).toBe(expected)
})
