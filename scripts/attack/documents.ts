/** A request that means harm, and what kind of harm. */
export type Attack = {
  kind: string
  name: string
  /** The body as it is sent. */
  body: string | Uint8Array
  headers?: Record<string, string>
  method?: string
  /** What follows the address. */
  address?: string
}

const times = (count: number, make: (place: number) => string, between = ' ') =>
  Array.from({ length: count }, (_, place) => make(place)).join(between)

/** What is opened and closed so many times around something. */
const nested = (count: number, open: string, inside: string, close: string) =>
  open.repeat(count) + inside + close.repeat(count)

const asked = (kind: string, name: string, query: string, variables?: unknown): Attack => {
  return { kind, name, body: JSON.stringify({ query, variables }) }
}

/** Over two hundred documents and requests that no server should work on; each a little different from the others. */
export function attacks(): Attack[] {
  return [
    ...deep(),
    ...circular(),
    ...wide(),
    ...aliases(),
    ...directives(),
    ...fragments(),
    ...repeated(),
    ...batches(),
    ...sizes(),
    ...inputs(),
    ...texts(),
    ...introspection(),
    ...operations(),
    ...transport(),
  ]
}

function deep(): Attack[] {
  const counts = [21, 30, 50, 100, 500, 1_000, 2_500]
  return [
    ...counts.map((count) => asked('deep', `fields ${count}`, `{ ${nested(count, 'a{', 'a', '}')} }`)),
    ...counts
      .filter((count) => count > 60)
      .flatMap((count) => [
        asked('deep', `inline fragments ${count}`, nested(count, '{ ... on Query ', '{ __typename }', '}')),
        asked('deep', `brackets ${count}`, `{ runs(first: ${nested(count, '[', '1', ']')}) { totalCount } }`),
        asked('deep', `open brackets ${count}`, '{a'.repeat(count)),
        asked('deep', `type of lists ${count}`, `query($a: ${nested(count, '[', 'Int', ']')}) { __typename }`),
      ]),
  ]
}

/** From a run to its company, to the company's runs, and round again. */
function circular(): Attack[] {
  const round = (count: number, list: string) =>
    `{ runs${list} { nodes { ${nested(count, `vendor { runs${list} { nodes { `, 'id', '} } }')} } } }`
  return [
    ...[7, 8, 10, 15, 20].map((count) => asked('circular relations', `${count} rounds`, round(count, ''))),
    ...[2, 3, 4, 5, 6].map((count) =>
      asked('circular relations', `${count} rounds of 100`, round(count, '(first: 100)')),
    ),
    ...[3, 4, 5].map((count) =>
      asked(
        'circular relations',
        `${count} rounds of the usual`,
        round(count, '').replaceAll('id', 'id costUsd status'),
      ),
    ),
  ]
}

function wide(): Attack[] {
  return [
    ...[301, 500, 1_000, 2_000].map((count) =>
      asked('wide', `${count} fields`, `{ runs { nodes { ${times(count, (place) => `f${place}`)} } } }`),
    ),
    ...[51, 100, 300, 1_000].map((count) =>
      asked('wide', `${count} fields at the top`, `{ ${times(count, (place) => `f${place} { id }`)} }`),
    ),
    ...[20, 40].map((count) =>
      asked(
        'wide',
        `${count} x ${count} fields`,
        `{ ${times(count, (a) => `a${a}: runs { nodes { ${times(count * 3, (b) => `b${b}: id`)} } }`)} }`,
      ),
    ),
  ]
}

function aliases(): Attack[] {
  return [60, 301, 500, 1_000, 1_500].flatMap((count) => [
    asked('aliases', `${count} at the top`, `{ ${times(count, (place) => `a${place}: runs { totalCount }`)} }`),
    asked(
      'aliases',
      `${count} of __typename`,
      `{ ${times(Math.max(count, 301), (place) => `a${place}: __typename`)} }`,
    ),
    asked(
      'aliases',
      `${count} in a fragment`,
      `{ runs { nodes { ...F } } } fragment F on Run { ${times(Math.max(count, 301), (place) => `a${place}: id`)} }`,
    ),
  ])
}

function directives(): Attack[] {
  return [101, 500, 1_000, 1_300].flatMap((count) => [
    asked('directives', `${count} on one field`, `{ __typename ${times(count, () => '@include(if: true)')} }`),
    asked('directives', `${count} that are unknown`, `{ __typename ${times(count, (place) => `@d${place}`)} }`),
    asked('directives', `${count} on the operation`, `query Q ${times(count, () => '@a')} { __typename }`),
    asked('directives', `${count} on variables`, `query Q($a: Int ${times(count, () => '@a')}) { __typename }`),
  ])
}

function fragments(): Attack[] {
  const ring = (count: number) =>
    `{ ...F0 } ${times(count, (place) => `fragment F${place} on Query { __typename ...F${(place + 1) % count} }`)}`
  const bomb = (levels: number, factor: number) =>
    `{ ...F0 } ${times(levels, (place) => `fragment F${place} on Query { ${times(factor, () => `...F${place + 1}`)} }`)} fragment F${levels} on Query { __typename }`
  const chain = (count: number) =>
    `{ ...F0 } ${times(count, (place) => `fragment F${place} on Query { ...F${place + 1} }`)} fragment F${count} on Query { __typename }`
  return [
    ...[1, 2, 3, 10, 50, 150].map((count) => asked('fragment cycles', `ring of ${count}`, ring(count))),
    ...[1, 5, 20].map((count) =>
      asked(
        'fragment cycles',
        `through ${count} fields`,
        `{ runs { nodes { ...F } } } fragment F on Run { ${nested(count, 'vendor { runs { nodes { ', '...F', '} } }')} }`,
      ),
    ),
    asked(
      'fragment cycles',
      'in nobody’s fragment',
      '{ __typename } fragment F on Query { ...G } fragment G on Query { ...F }',
    ),
    asked('fragment cycles', 'within an inline fragment', '{ ...F } fragment F on Query { ... on Query { ...F } }'),
    ...[12, 20, 40, 100, 150].map((levels) => asked('fragment bombs', `2 to the ${levels}`, bomb(levels, 2))),
    ...[4, 8, 20].map((levels) => asked('fragment bombs', `10 to the ${levels}`, bomb(levels, 10))),
    ...[201, 500, 1_000].map((count) => asked('fragment bombs', `chain of ${count}`, chain(count))),
    ...[201, 800].map((count) =>
      asked(
        'fragment bombs',
        `${count} unused`,
        `{ __typename } ${times(count, (place) => `fragment F${place} on Query { __typename }`)}`,
      ),
    ),
    ...[10, 100].map((count) =>
      asked('fragment bombs', `${count} unknown spreads`, `{ ${times(count, (place) => `...Unknown${place}`)} }`),
    ),
  ]
}

/** Fields of one response name, each of which must be compared with each other. */
function repeated(): Attack[] {
  return [
    ...[250, 1_000, 3_000].map((count) =>
      asked('overlapping fields', `${count} times one`, `{ ${times(count, () => '__typename')} }`),
    ),
    ...[250, 1_000].map((count) =>
      asked('overlapping fields', `${count} times one with fields`, `{ ${times(count, () => 'runs { totalCount }')} }`),
    ),
    ...[250, 1_000].map((count) =>
      asked(
        'overlapping fields',
        `${count} that differ`,
        `{ ${times(count, (place) => `runs(first: ${place}) { totalCount }`)} }`,
      ),
    ),
    ...[40, 49].map((count) =>
      asked(
        'overlapping fields',
        `${count} x ${count}`,
        `{ ${times(count, () => `runs { nodes { ${times(count, () => 'id')} } }`)} }`,
      ),
    ),
    ...[20, 30].map((count) =>
      asked(
        'overlapping fields',
        `${count} inline fragments of ${count * 2}`,
        `{ runs { nodes { ${times(count, () => `... on Run { ${times(count * 2, () => 'id')} }`)} } } }`,
      ),
    ),
    ...[100, 190].map((count) =>
      asked(
        'overlapping fields',
        `${count} fragments`,
        `{ runs { nodes { ${times(count, (place) => `...F${place}`)} } } } ${times(count, (place) => `fragment F${place} on Run { id status costUsd externalId id status costUsd }`)}`,
      ),
    ),
  ]
}

function batches(): Attack[] {
  return [11, 50, 100, 1_000, 10_000, 40_000].map((count) => {
    return { kind: 'batches', name: `${count} operations`, body: `[${times(count, () => '{"query":"{a}"}', ',')}]` }
  })
}

function sizes(): Attack[] {
  const wrong = [1_000_000_000, 2_147_483_647, 501, -1, -1_000_000_000]
  return [
    ...wrong.flatMap((size) => [
      asked('list sizes', `first: ${size}`, `{ runs(first: ${size}) { nodes { id } } }`),
      asked('list sizes', `last: ${size}`, `{ companies(last: ${size}) { nodes { id } } }`),
      asked('list sizes', `$first = ${size}`, 'query($n: Int) { runs(first: $n) { nodes { id } } }', { n: size }),
      asked(
        'list sizes',
        `$first = ${size} by default`,
        `query($n: Int = ${size}) { runs(first: $n) { nodes { id } } }`,
      ),
      asked(
        'list sizes',
        `nested ${size}`,
        `{ runs(first: 1) { nodes { agentCalls(first: ${size}) { nodes { id } } } } }`,
      ),
      asked(
        'list sizes',
        `in a fragment ${size}`,
        `{ ...F } fragment F on Query { runs(first: ${size}) { nodes { id } } }`,
      ),
    ]),
    asked('list sizes', 'beyond 32 bits', '{ runs(first: 99999999999999999999) { nodes { id } } }'),
    asked('list sizes', 'groups', '{ usageMetrics(first: 10001, groupBy: [MODEL]) { totalCount } }'),
    asked('list sizes', 'ids', 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array(20_000).fill('a') }),
    asked(
      'complexity',
      'all of everything',
      '{ runs(first: 500) { nodes { agentCalls(first: 100) { nodes { id model costUsd totalTokens status } } } } }',
    ),
    asked(
      'complexity',
      'lists without an end',
      '{ runs(first: 500) { nodes { phases { steps { agentCalls { id model } } } } } }',
    ),
    asked(
      'complexity',
      'by variables',
      'query($n: Int!, $m: Int!) { runs(first: $n) { nodes { agentCalls(first: $m) { nodes { id model costUsd totalTokens status } } } } }',
      { n: 500, m: 100 },
    ),
    asked(
      'complexity',
      'in fragments',
      `{ ${times(40, (place) => `a${place}: runs(first: 500) { ...R }`)} } fragment R on RunConnection { nodes { id status costUsd externalId events { message level phase } } }`,
    ),
    asked(
      'complexity',
      'in a mutation that is refused',
      'mutation { deleteSavedView(name: "x") { id } a: deleteSavedView(name: "y") { nothing } }',
    ),
  ]
}

function inputs(): Attack[] {
  const where = (depth: number) => nested(depth, '{ AND: [', '{ status: { equals: FAILED } }', '] }')
  const query = 'query($where: RunWhere) { runs(where: $where) { totalCount } }'
  const table =
    'query($where: JSON) { metricsTable(query: { subject: RUNS, measures: ["runs"], where: $where }) { rows } }'
  // Written as text: what builds such values as objects runs out of stack first.
  const raw = (name: string, text: string, variables: string): Attack => {
    return { kind: 'inputs', name, body: `{"query":${JSON.stringify(text)},"variables":${variables}}` }
  }
  return [
    ...[11, 20, 28, 100, 1_000].map((depth) =>
      asked('inputs', `where ${depth} deep`, `{ runs(where: ${where(depth)}) { totalCount } }`),
    ),
    ...[11, 50, 1_000, 20_000, 80_000].flatMap((depth) => [
      raw(`variable ${depth} deep`, query, `{"where":${nested(depth, '{"AND":[', '{}', ']}')}}`),
      raw(`lists ${depth * 2} deep`, table, `{"where":${nested(depth * 2, '[', '1', ']')}}`),
      raw(`JSON ${depth * 2} deep`, table, `{"where":${nested(depth * 2, '{"a":', '1', '}')}}`),
    ]),
    ...[10_001, 50_000, 200_000].map((count) =>
      raw(`variable of ${count} values`, query, `{"where":{"status":{"in":[${times(count, () => '1', ',')}]}}}`),
    ),
    ...[10_001, 60_000].map((count) =>
      raw(`${count} variables`, '{ __typename }', `{${times(count, (place) => `"a${place}":1`, ',')}}`),
    ),
    ...[10, 50].map((depth) =>
      asked(
        'inputs',
        `JSON literal ${depth * 2} deep`,
        `{ metricsTable(query: { subject: RUNS, measures: ["runs"], where: ${nested(depth * 2, '{a:', '1', '}')} }) { rows } }`,
      ),
    ),
  ]
}

function texts(): Attack[] {
  const equals = (text: string) => `{ runs(where: { externalId: { equals: "${text}" } }) { totalCount } }`
  return [
    ...[100_000, 500_000, 900_000, 2_000_000, 5_000_000].flatMap((length) => [
      asked('huge strings', `literal of ${length}`, equals('x'.repeat(length))),
      asked(
        'huge strings',
        `variable of ${length + 1}`,
        'query($a: String!) { runs(where: { externalId: { equals: $a } }) { totalCount } }',
        { a: 'x'.repeat(length + 1) },
      ),
    ]),
    ...[200_000, 900_000].flatMap((length) => [
      asked('huge strings', `block of ${length}`, `{ a(b: """${'\n x'.repeat(length / 3)}""") }`),
      asked('huge strings', `name of ${length}`, `{ ${'a'.repeat(length)} }`),
      asked('huge strings', `comments of ${length}`, `${'#\n'.repeat(length / 2)}{ __typename }`),
      asked('huge strings', `commas of ${length}`, `{ ${','.repeat(length)} __typename }`),
      asked('huge strings', `blanks of ${length}`, `{ ${' '.repeat(length)} __typename }`),
    ]),
    ...[20_000, 150_000].map((count) => asked('unicode', `${count} escapes`, equals('\\u0041'.repeat(count)))),
    ...[60_000, 200_000].map((count) => asked('unicode', `${count} astral characters`, equals('😀'.repeat(count)))),
    asked('unicode', 'half a pair', equals('\\uD800')),
    asked('unicode', 'an escape without end', equals('\\u{110000}')),
    asked('unicode', 'an escape that breaks off', '{ a(b: "\\u00'),
    asked('unicode', 'a text that breaks off', '{ a(b: "'),
    asked('unicode', 'names of letters that look alike', '{ rунs { totalCount } }'),
    asked('unicode', 'marks that turn text around', '{ \u202eruns { totalCount } }'),
    asked('unicode', 'a NUL', '{ \u0000 }'),
    asked('unicode', 'punctuation', '!'.repeat(5_000)),
    asked(
      'unicode',
      'too many tokens',
      times(9_000, () => 'a'),
    ),
    { kind: 'unicode', name: 'bytes that are no UTF-8', body: Uint8Array.from({ length: 4_096 }, () => 0xff) },
    { kind: 'unicode', name: 'JSON that breaks off', body: '{"query":"{ runs' },
    { kind: 'unicode', name: 'JSON of brackets', body: '['.repeat(200_000) },
  ]
}

function introspection(): Attack[] {
  const ofType = (count: number) =>
    `{ __schema { types { fields { type { ${nested(count, 'ofType { ', 'name', '}')} } } } } }`
  return [
    ...[3, 4, 5].map((count) =>
      asked(
        'introspection loops',
        `fields of fields ${count}`,
        `{ __schema { types { ${nested(count, 'fields { type { ', 'name', '} }')} } } }`,
      ),
    ),
    ...[16, 30].map((count) => asked('introspection loops', `types of types ${count}`, ofType(count))),
    ...[25, 40].map((count) =>
      asked(
        'introspection loops',
        `${count} schemas`,
        `{ ${times(count, (place) => `a${place}: __schema { types { name description fields { name description args { name type { name ofType { name ofType { name } } } } type { name ofType { name } } } } }`)} }`,
      ),
    ),
    ...[50, 100].map((count) =>
      asked(
        'introspection loops',
        `${count} aliases of fields`,
        `{ __schema { types { ${times(count, (place) => `a${place}: fields { name description args { name description type { name ofType { name } } } }`)} } } }`,
      ),
    ),
    asked(
      'introspection loops',
      'in fragments',
      `{ __schema { types { ${times(20, (place) => `a${place}: fields { ...G }`)} ...A ...B ...C ...D } } } fragment G on __Field { args { ...E } } fragment A on __Type { a: fields { args { ...E } } } fragment B on __Type { b: fields { args { ...E } } } fragment C on __Type { c: fields { args { ...E } } } fragment D on __Type { d: fields { args { ...E } } } fragment E on __InputValue { a: type { fields { name args { name } } } b: type { fields { name args { name } } } }`,
    ),
  ]
}

function operations(): Attack[] {
  return [51, 200, 500, 1_000].flatMap((count) => [
    asked(
      'many operations',
      `${count}`,
      times(count, (place) => `query Q${place} { runs { totalCount } }`),
    ),
    asked(
      'many operations',
      `${count} without a name`,
      times(count, () => '{ __typename }'),
    ),
    asked(
      'many operations',
      `${count} variables`,
      `query Q(${times(count, (place) => `$a${place}: Int`)}) { __typename }`,
    ),
  ])
}

function transport(): Attack[] {
  const mutation = 'mutation { deleteSavedView(name: "x") { name } }'
  const query = '{ runs { totalCount } }'
  const type = (contentType: string, body: string): Attack => {
    return { kind: 'simple requests', name: contentType, body, headers: { 'content-type': contentType } }
  }
  const get = (name: string, text: string, headers: Record<string, string>): Attack => {
    const address = `?query=${encodeURIComponent(text)}`
    return { kind: 'simple requests', name, method: 'GET', address, headers, body: '' }
  }
  return [
    type('text/plain', JSON.stringify({ query })),
    type('text/plain;charset=UTF-8', JSON.stringify({ query: mutation })),
    type('application/x-www-form-urlencoded', `query=${encodeURIComponent(query)}`),
    type('application/x-www-form-urlencoded;charset=UTF-8', `query=${encodeURIComponent(mutation)}`),
    type(
      'multipart/form-data; boundary=x',
      `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query })}\r\n--x--\r\n`,
    ),
    type('application/graphql', query),
    type('text/plain, application/json', JSON.stringify({ query })),
    get('a query in an address', query, {}),
    get('a query in an address, from another site', query, { 'sec-fetch-site': 'cross-site' }),
    get('a query in an address, from a neighbour', query, { 'sec-fetch-site': 'same-site', 'x-crossrun-csrf': '1' }),
    get('a mutation in an address', mutation, { 'x-crossrun-csrf': '1' }),
    get('a long address', `{ runs { totalCount ${' '.repeat(4_000)} } }`, { 'x-crossrun-csrf': '1' }),
  ]
}
