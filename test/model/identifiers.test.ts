import fc from 'fast-check'
import { v5 } from 'uuid'
import { describe, expect, it } from 'vitest'
import { identifiersOf, organizationIdOf } from '../../src/model/identifiers.ts'

describe('identifiers', () => {
  it('are the UUIDv5 of kind and key in the namespace of the organization', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 500 })),
        (organization, kind, parts) => {
          expect(identifiersOf(organization).of(kind, ...parts)).toBe(
            v5(`${kind}\u0000${parts.join('\u0000')}`, organization),
          )
        },
      ),
    )
  })

  it('are the same in every process', () => {
    expect(organizationIdOf('default')).toBe(organizationIdOf('  Default '))
    expect(identifiersOf(organizationIdOf('default')).of('run', 'playbook', 'abc')).toBe(
      'ad3a2084-8c74-5527-ae3d-92de04c6e6a1',
    )
  })

  it('differ between organizations and kinds, and do not run parts together', () => {
    const one = identifiersOf(organizationIdOf('one'))
    const ids = [
      one.of('run', 'a', 'b'),
      one.of('run', 'ab'),
      one.of('step', 'a', 'b'),
      identifiersOf(organizationIdOf('two')).of('run', 'a', 'b'),
    ]
    expect(new Set(ids).size).toBe(4)
  })

  it('take keys longer than any buffer', () => {
    const long = 'ü'.repeat(100_000)
    const ids = identifiersOf(organizationIdOf('default'))
    expect(ids.of('page', long)).toBe(v5(`page\u0000${long}`, organizationIdOf('default')))
  })
})
