import {
  createSnapshot,
  listSnapshots,
  type ResultSnapshot as ResultSnapshotValue,
  revokeSnapshot,
} from '../exports/result-snapshots.ts'
import { sendOfRequest } from '../store/send.ts'
import { builder } from './builder.ts'

const ResultSnapshot = builder.objectRef<ResultSnapshotValue>('ResultSnapshot').implement({
  description:
    "An extraction run's results as they were at a moment. They stay as they are, whatever becomes of the run. Its permalink is shown only when it is made.",
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    name: t.exposeString('name', { description: 'What it is called.' }),
    run: t.string({
      nullable: true,
      description: "The run's name in its source system; null when it is of several runs.",
      resolve: ({ source }) => (source.kind === 'run' ? source.name : null),
    }),
    rows: t.field({ type: 'SafeInt', description: 'Number of its rows.', resolve: ({ rowCount }) => rowCount }),
    columns: t.stringList({
      description: 'The names of its columns, in order.',
      resolve: ({ columns }) => columns.map(({ name }) => name),
    }),
    contentSha256: t.exposeString('contentSha256', {
      description: 'SHA-256, in hexadecimal digits, of its column list and, in order, of the hashes of its rows.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    createdBy: t.exposeString('createdBy', {
      description: "Who made it: a key's name, a token's subject, or the user of the machine.",
    }),
    erasedAt: t.expose('erasedAt', {
      type: 'DateTime',
      nullable: true,
      description: "When a person's data were last taken out of it; null when they never were.",
    }),
    fragment: t.exposeString('fragment', {
      description: "The last characters of its permalink's token, to tell permalinks apart.",
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From when on its permalink leads nowhere; null when it has no end.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its permalink was used last, to the minute; null when it never was.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its permalink was revoked; null when it was not.',
    }),
  }),
})

const CreatedResultSnapshot = builder
  .objectRef<{ snapshot: ResultSnapshotValue; token: string }>('CreatedResultSnapshot')
  .implement({
    description: 'A snapshot that was just made.',
    fields: (t) => ({
      snapshot: t.field({ type: ResultSnapshot, description: 'The snapshot.', resolve: ({ snapshot }) => snapshot }),
      token: t.exposeString('token', {
        description: 'The token of its permalink. It is kept nowhere and not shown again.',
      }),
      url: t.string({
        description:
          'Its permalink, an address on this server: `/r/…` describes it, `/r/….csv`, `.jsonl`, `.parquet`, `.arrow` and `.xlsx` are its rows. Whoever has it needs no key.',
        resolve: ({ token }) => `/r/${token}`,
      }),
    }),
  })

builder.queryField('resultSnapshots', (t) =>
  t.field({
    type: [ResultSnapshot],
    description: "The organization's result snapshots, newest first, those with revoked permalinks too.",
    resolve: (_root, _args, { db }) => listSnapshots(sendOfRequest(db)),
  }),
)

builder.mutationFields((t) => ({
  createResultSnapshot: t.field({
    type: CreatedResultSnapshot,
    // Whoever has the permalink can read.
    skipTypeScopes: true,
    authScopes: { $all: { read: true, write: true } },
    description:
      "Keeps an extraction run's results as they are now, and makes a permalink to them. Needs the scopes READ and WRITE.",
    args: {
      run: t.arg.id({ required: true, description: "The run's id, or its name in its source system." }),
      name: t.arg.string({ description: "What to call it, up to 200 characters; the run's name unless given." }),
      expiresAt: t.arg({
        type: 'DateTime',
        description: 'From when on its permalink leads nowhere; it has no end unless given.',
      }),
    },
    resolve: (_root, { run, name, expiresAt }, { db, scope, viewer, requestId }) =>
      createSnapshot(
        db,
        scope,
        { of: { run }, name: name ?? null, expiresAt: expiresAt ?? null },
        { actor: viewer.actor, requestId },
      ),
  }),
  revokeResultSnapshot: t.field({
    type: ResultSnapshot,
    description: "Makes a snapshot's permalink lead nowhere any more, within a second.",
    args: { id: t.arg.id({ required: true, description: "The snapshot's id." }) },
    resolve: (_root, { id }, { db, viewer, requestId }) =>
      revokeSnapshot(sendOfRequest(db), id, { actor: viewer.actor, requestId }),
  }),
}))
