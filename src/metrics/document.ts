import { type Dimension, isAdditive, type Subject } from './declaration.ts'
import { SUBJECTS } from './subjects/index.ts'

/** The semantic model as Markdown, made from the declarations: docs/metrics.md. */
export function documentOf(subjects: readonly Subject[] = SUBJECTS): string {
  return [PREFACE, ...subjects.map(sectionOf)].join('\n')
}

const PREFACE = `# Metrics

<!-- Made from the declarations in src/metrics/subjects by: npx tsx scripts/build-metrics-docs.ts -->

Every subject below is asked by a query field of its own, and by \`metricsTable\` for tools that build their questions at
run time; \`metricCatalog\` has this page as data. All of them take the filter of the subject's list (\`where\`), \`groupBy\`,
\`interval\` with \`timeZone\` (weeks begin on Monday), \`having\`, \`orderBy\`, \`first\` and \`after\`, and answer with \`nodes\`,
\`totals\` (over everything that matches, not summed from the page), \`totalCount\`, \`source\` and \`asOf\`. Where a subject is
about runs, \`matchingRuns\` of a group are the runs behind it.

- A null key is the group of the rows without that value; it comes last, and \`isNull: true\` finds it, such as
  \`where: { agent: { isNull: true } }\`. Asking for a key that is not grouped by is an error.
- \`endCursor\` goes with the arguments of its own question; only \`first\` may change between pages.
- A sum over no known value is null, a count of nothing is 0; averages and percentiles weigh the rows that have a value.
- Additive measures of groups may be added up; averages, ratios, percentiles and distinct counts may not. With a dimension
  of several values a row counts in the group of each, so that only \`totals\` say how many there are.
- \`orderBy\` and \`having\` name a measure with its aggregate (\`totalTokensSum\`), \`metricsTable\` with a dot
  (\`totalTokens.sum\`); counts, ratios and other single values go by their bare name.

\`\`\`graphql
{
  usageMetrics(groupBy: [AGENT], orderBy: [{ costUsdSum: DESC }], first: 5) {
    nodes { key { agent } calls costUsd { sum } costCoverage matchingRuns(first: 3) { nodes { externalId } } }
    totals { calls costUsd { sum } }
    source
    asOf
  }
}
\`\`\`
`

function sectionOf(subject: Subject): string {
  const objects = Object.entries(subject.objects ?? {}).map(([type, { field }]) => `\`${type}.${field}\``)
  return [
    `## ${subject.name}`,
    '',
    `\`${subject.field}\`. ${subject.description}`,
    '',
    `Time: ${subject.time.description}`,
    ...(subject.search ? ['Can be searched: `search` takes words.'] : []),
    ...(subject.ofRun ? ['Groups lead to the runs behind them: `matchingRuns`.'] : []),
    ...(objects.length > 0 ? [`Of one object, with the same arguments: ${objects.join(', ')}.`] : []),
    '',
    ...table(
      ['Dimension', 'Key', 'Type', 'What it is'],
      Object.entries(subject.dimensions).map(([name, dimension]) => [
        `\`${constantCase(name)}\``,
        `\`${name}\``,
        typeOf(dimension),
        dimension.description,
      ]),
    ),
    '',
    ...table(['Measure', 'Aggregates', 'Unit', 'Additive', 'What it is'], measuresOf(subject)),
    '',
  ].join('\n')
}

function measuresOf(subject: Subject): string[][] {
  return Object.entries(subject.measures).map(([name, measure]) => {
    const isSummed = isAdditive(measure, 'sum')
    return [
      `\`${name}\``,
      measure.kind === 'number' ? measure.aggregates.join(', ') : '',
      measure.unit,
      isSummed ? (measure.kind === 'number' ? 'the sum' : 'yes') : 'no',
      measure.description,
    ]
  })
}

function typeOf({ type, enumName, many }: Dimension): string {
  return `${type === 'enum' ? enumName : type}${many ? ', several values' : ''}`
}

function table(header: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)]
}

/** The name of a dimension as an enum value: `ACCOUNT_TIER`. */
export function constantCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}
