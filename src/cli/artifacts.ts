import { defineCommand } from 'citty'
import { CrossrunError } from '../errors.ts'
import { valueAt } from '../importers/read/value-at.ts'
import { contentOf, readPayload } from '../importers/stored-payload.ts'
import { parseDocument, partOf, readTexts } from '../measures/payloads.ts'
import { type ArtifactLine, artifactsOf } from '../measures/run-details.ts'
import type { TenantSession } from '../store/tenant-session.ts'
import type { CommandContext } from './context.ts'
import { baseName } from './file-names.ts'
import { findRun, pipelineArgument, runArgument } from './find-run.ts'
import { formatBytes } from './import-summary.ts'
import { jsonArgument } from './json-argument.ts'
import { organizationArgument, type Reading, withReading, withStore } from './reading.ts'
import { formatTable } from './table.ts'

/** A document up to this many bytes is laid out to be read; a longer one is printed as it is, piece by piece. */
const LAID_OUT_BYTES = 8 * 1024 * 1024

export function createArtifactsCommand(context: CommandContext) {
  const list = defineCommand({
    meta: {
      name: 'list',
      description: 'List what the phases of a run left behind. Example: crossrun artifacts list run_20251026_005500',
    },
    args: {
      run: runArgument,
      pipeline: pipelineArgument,
      organization: organizationArgument,
      json: jsonArgument,
    },
    async run({ args }) {
      const { run, artifacts } = await withReading(context, args.organization, (reading) =>
        artifactsOfRun(reading, args.run, args.pipeline),
      )
      if (args.json) {
        const { id, externalId, pipeline } = run
        return context.stdout(
          JSON.stringify({ run: { id, externalId, pipeline }, artifacts: artifacts.map(described) }),
        )
      }
      if (artifacts.length === 0) return context.stdout(`${run.externalId} left no artifacts.`)
      for (const line of formatArtifacts(artifacts, context.columns)) context.stdout(line)
    },
  })

  const view = defineCommand({
    meta: {
      name: 'view',
      description:
        "Print a phase's output: JSON laid out, Markdown as it is. Example: crossrun artifacts view run_20251026_005500 scraping",
    },
    args: {
      run: runArgument,
      phase: {
        type: 'positional',
        required: true,
        description: "The phase's number or name, or the name of an artifact or of its file.",
      },
      pipeline: pipelineArgument,
      organization: organizationArgument,
      raw: { type: 'boolean', description: "Print the bytes of the artifact's file, as it was imported." },
      json: {
        type: 'boolean',
        description: 'Print one JSON object that describes the artifact and holds its payload.',
      },
    },
    async run({ args }) {
      await withStore(context, args.organization, async (store) => {
        const { artifact, payload } = await store.read(async (reading) => {
          const { run, artifacts } = await artifactsOfRun(reading, args.run, args.pipeline)
          const artifact = chosen(artifacts, args.phase, run.externalId)
          return { artifact, payload: args.json ? await payloadOf(reading, artifact) : undefined }
        })
        if (args.json) return context.stdout(JSON.stringify({ ...described(artifact), payload }))
        return store.session((session) =>
          args.raw ? printFile(context, session, artifact) : printPayload(context, session, artifact),
        )
      })
    },
  })

  return defineCommand({
    meta: {
      name: 'artifacts',
      description: 'List what a run left behind, or print one of it. Example: crossrun artifacts list <run>',
    },
    subCommands: { list, view },
  })
}

async function artifactsOfRun(reading: Reading, name: string, pipeline: string | undefined) {
  const run = await findRun(reading, name, pipeline)
  return { run, artifacts: await artifactsOf(reading.db, reading.scope, run.id) }
}

/** What is shown of an artifact; whether it is stored, not where. */
function described({ payloadId, ...artifact }: ArtifactLine) {
  return { ...artifact, isStored: payloadId !== null }
}

function formatArtifacts(artifacts: ArtifactLine[], width: number | null): string[] {
  const rows = artifacts.map((artifact) => [
    artifact.phase,
    artifact.name,
    artifact.kind,
    formatBytes(artifact.bytes),
    artifact.payloadId === null ? 'not stored' : `${formatBytes(artifact.storedBytes ?? 0)} ${artifact.encoding}`,
    artifact.sha256.slice(0, 12),
    artifact.pointer ? `${artifact.path}#${artifact.pointer}` : artifact.path,
  ])
  return formatTable(['phase', 'name', 'kind', 'file', 'stored', 'sha256', 'from'], rows, { right: [3], width })
}

/**
 * The artifact that a phase's number or name, or a name of its own, means.
 * @throws CrossrunError `ARTIFACT_NOT_FOUND` or `ARTIFACT_AMBIGUOUS`, naming what there is
 */
function chosen(artifacts: ArtifactLine[], named: string, run: string): ArtifactLine {
  const namings: ((artifact: ArtifactLine) => boolean)[] = [
    ({ phase }) => String(phase) === named,
    ({ phaseName, name }) => phaseName === named || name === named,
    ({ path }) => baseName(path) === named,
    ({ id }) => id === named,
  ]
  const found = namings.map((naming) => artifacts.filter(naming)).find((each) => each.length > 0) ?? []
  if (found.length === 1) return found[0]!
  // A report beside the data: the data is what is asked for, unless the report is named.
  const documents = found.filter(({ kind }) => kind === 'JSON')
  if (documents.length === 1) return documents[0]!
  if (found.length === 0)
    throw new CrossrunError('ARTIFACT_NOT_FOUND', `${run} left nothing that is called '${named}'.`, {
      hint: `\`crossrun artifacts list ${run}\` lists what it left.`,
    })
  const names = found.map(({ name, path, id }) => `  ${baseName(path)}  ${name}  ${id}`)
  throw new CrossrunError('ARTIFACT_AMBIGUOUS', `'${named}' names several artifacts:\n${names.join('\n')}`, {
    hint: 'Name one by its file or id.',
  })
}

/** The value that the API shows as its payload. */
async function payloadOf({ db, scope }: Reading, artifact: ArtifactLine): Promise<unknown> {
  if (artifact.payloadId === null) throw notStored(artifact)
  const text = (await readTexts(db, scope, [artifact.payloadId])).get(artifact.payloadId)
  if (text === undefined) throw notStored(artifact)
  return artifact.kind === 'JSON' ? (partOf(parseDocument(text), artifact.pointer) ?? null) : text
}

async function printFile(context: CommandContext, session: TenantSession, artifact: ArtifactLine): Promise<void> {
  await reading(session, artifact, async (bytes) => {
    for await (const piece of bytes) await context.write(piece)
  })
}

async function printPayload(context: CommandContext, session: TenantSession, artifact: ArtifactLine): Promise<void> {
  await reading(session, artifact, async (bytes) => {
    const content = contentOf(bytes)
    const value = artifact.kind === 'JSON' ? valueAt(content, artifact.pointer) : content
    const held: Buffer[] = []
    let length = 0
    let last = 0
    for await (const piece of value) {
      length += piece.length
      last = piece.at(-1) ?? last
      if (artifact.kind === 'JSON' && length <= LAID_OUT_BYTES) held.push(piece)
      else {
        for (const waiting of held.splice(0)) await context.write(waiting)
        await context.write(piece)
      }
    }
    if (length === 0 && artifact.pointer !== '')
      throw new CrossrunError('ARTIFACT_NOT_FOUND', `${artifact.path} holds nothing at ${artifact.pointer}.`)
    if (held.length > 0) context.stdout(laidOut(Buffer.concat(held).toString('utf8')))
    else if (last !== LINE_FEED) context.stdout('')
  })
}

const LINE_FEED = 10

function laidOut(text: string): string {
  try {
    return JSON.stringify(parseDocument(text), null, 2)
  } catch {
    return text
  }
}

async function reading(
  session: TenantSession,
  artifact: ArtifactLine,
  use: (bytes: AsyncGenerator<Buffer>) => Promise<void>,
): Promise<void> {
  const done =
    artifact.payloadId && (await readPayload(session, artifact.payloadId, (bytes) => use(bytes).then(() => true)))
  if (!done) throw notStored(artifact)
}

function notStored({ path }: ArtifactLine): CrossrunError {
  return new CrossrunError('PAYLOAD_NOT_STORED', `The bytes of ${path} are not stored any more.`, {
    hint: 'Retention dropped them: `crossrun retention rules` says when it does.',
  })
}
