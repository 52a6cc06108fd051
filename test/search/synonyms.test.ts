import { beforeEach, describe, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { commandLine, makeOrganizations } from '../cli/command-line.ts'
import { testDatabase } from '../database.ts'
import { addPainPoints } from './pain-point-rows.ts'

const database = testDatabase()
const cli = commandLine(database)

beforeEach(async () => {
  await database.sql('truncate synonyms, pain_points, x_pain_point_words')
  await addPainPoints(database, [
    'Churn is high',
    'Customer attrition grows',
    'Clients leave us',
    'No proof of value',
    'They leave',
  ])
})

const SHIPPED = [
  { term: 'proof', synonyms: ['prove'], isShipped: true },
  { term: 'roi', synonyms: ['return on investment'], isShipped: true },
]

const list = async () => (await database.data('{ synonyms { term synonyms isShipped } }')).synonyms
const set = (term: string, ...synonyms: string[]) =>
  database.ask(
    'mutation ($term: String!, $synonyms: [String!]!) { setSynonyms(term: $term, synonyms: $synonyms) { term synonyms isShipped } }',
    { term, synonyms },
  )
const remove = async (term: string) =>
  (await database.data('mutation ($term: String!) { removeSynonyms(term: $term) }', { term })).removeSynonyms

async function found(search: string): Promise<string[]> {
  const { painPoints } = await database.data(
    'query ($search: String) { painPoints(search: $search, orderBy: [{ theme: ASC }]) { nodes { description } } }',
    { search },
  )
  return painPoints.nodes.map(({ description }: { description: string }) => description)
}

describe('synonyms', () => {
  it('are the shipped ones until the organization says otherwise', async () => {
    expect(await list()).toEqual(SHIPPED)
  })

  it('that are set are searched by in every direction, by stem, without case and accents', async () => {
    const { data } = await set(' Churn ', 'attrition', 'clients leave')
    expect(data.setSynonyms).toEqual({ term: 'Churn', synonyms: ['attrition', 'clients leave'], isShipped: false })
    const all = ['Churn is high', 'Clients leave us', 'Customer attrition grows']
    for (const search of ['churn', 'CHURNS', 'chúrn', 'attrition', 'client leaves'])
      expect(await found(search)).toEqual(all)
    // "leave" is only part of a term.
    expect(await found('leave')).toEqual(['Clients leave us', 'They leave'])
  })

  it('are not handed on from one list to the next', async () => {
    await set('churn', 'attrition')
    await set('attrition', 'leave')
    expect(await found('churn')).toEqual(['Churn is high', 'Customer attrition grows'])
    expect(await found('attrition')).toHaveLength(4)
  })

  it('take the place of those that the term had, whatever its case', async () => {
    await set('proof', 'evidence')
    await set('PROOF', 'attrition', 'Attrition!', 'proof')
    expect(await list()).toEqual([{ term: 'PROOF', synonyms: ['Attrition!'], isShipped: false }, SHIPPED[1]])
    expect(await found('proof')).toEqual(['Customer attrition grows', 'No proof of value'])
    expect(await found('prove')).toEqual([])
  })

  it('can be removed, shipped ones too, and set again', async () => {
    expect(await found('proves')).toEqual(['No proof of value'])
    expect(await remove('Proof')).toBe(true)
    expect(await remove('proof')).toBe(false)
    expect(await list()).toEqual([SHIPPED[1]])
    expect(await found('proves')).toEqual([])
    await set('proof', 'prove')
    expect(await found('proves')).toEqual(['No proof of value'])
    expect(await remove('proof')).toBe(true)
    expect(await list()).toEqual([SHIPPED[1]])
    await set('churn', 'attrition')
    expect(await remove('churn')).toBe(true)
    expect(await database.sql(`select key from synonyms where key = 'churn'`)).toEqual([])
  })

  it.each([
    ['', ['x'], 'term'],
    ['!!', ['x'], 'term'],
    ['x\u0000', ['x'], 'term'],
    ['x'.repeat(101), ['x'], 'term'],
    ['x', [], 'synonyms'],
    ['x', ['X', ' x! '], 'synonyms'],
    ['x', ['y', ''], 'synonyms[1]'],
    ['x', ['y\u0000'], 'synonyms[0]'],
    ['x', Array.from({ length: 51 }, (_, place) => `y${place}`), 'synonyms'],
  ])('are refused when wrong (%#)', async (term, synonyms, argument) => {
    const { errors } = await set(term, ...synonyms)
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument })
    expect(await list()).toEqual(SHIPPED)
  })

  it('take signs as signs', async () => {
    await set(`churn' | 'x`, `attrition' & !y`)
    expect(await found('churn x')).toEqual([])
    await set('churn', `attrition:* ')--`)
    expect(await found('churn')).toEqual(['Churn is high', 'Customer attrition grows'])
  })

  it('are those of the organization alone', async () => {
    await set('churn', 'attrition')
    const others = database.newServer({ organizationId: organizationIdOf('others') })
    expect((await database.data('{ synonyms { term synonyms isShipped } }', {}, others)).synonyms).toEqual(SHIPPED)
    await database.data('mutation { removeSynonyms(term: "churn") }', {}, others)
    expect(await list()).toHaveLength(3)
  })
})

describe('crossrun synonyms', () => {
  it('lists, sets and removes', async () => {
    expect((await cli('synonyms', 'set', 'churn', 'attrition', 'clients leave')).stdout).toBe(
      'churn = attrition = clients leave\n',
    )
    expect((await cli('synonyms', 'list')).stdout.split('\n')).toEqual([
      'term   synonyms                  list',
      'churn  attrition, clients leave  own',
      'proof  prove                     shipped',
      'roi    return on investment      shipped',
      '',
    ])
    expect(JSON.parse((await cli('synonyms', 'list', '--json')).stdout).synonyms).toEqual(await list())
    expect(await found('churn')).toHaveLength(3)
    expect(await cli('synonyms', 'remove', 'churn')).toMatchObject({
      exitCode: 0,
      stdout: 'churn has no synonyms any more.\n',
    })
    expect(await cli('synonyms', 'remove', 'churn')).toMatchObject({ exitCode: 1, stdout: '' })
    expect(await list()).toEqual(SHIPPED)
  })

  it('says what is wrong', async () => {
    expect(await cli('synonyms', 'set', 'churn')).toMatchObject({ exitCode: 1 })
    expect((await cli('synonyms', 'set', '!', 'x')).stderr).toContain('BAD_USER_INPUT: term has no word.')
  })

  it('keeps to its organization', async () => {
    await makeOrganizations(database, 'others')
    expect((await cli('synonyms', 'set', 'churn', 'attrition', '--organization', 'others')).exitCode).toBe(0)
    expect(await list()).toEqual(SHIPPED)
  })
})
