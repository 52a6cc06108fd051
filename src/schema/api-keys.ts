import { type ApiKey as ApiKeyValue, createKey, listKeys, revokeKey } from '../access/keys.ts'
import { sendOfRequest } from '../store/send.ts'
import { builder } from './builder.ts'

const ApiScope = builder.enumType('ApiScope', {
  description: 'What somebody may do.',
  values: {
    ADMIN: { value: 'ADMIN', description: 'Everything, keys and the audit log too.' },
    IMPORT: { value: 'IMPORT', description: 'Import artifacts.' },
    READ: { value: 'READ', description: 'Ask whatever can be asked but keys and the audit log.' },
    WRITE: { value: 'WRITE', description: 'Change what is kept: prices, views, synonyms and the like.' },
  } as const,
})

const ApiKey = builder.objectRef<ApiKeyValue>('ApiKey').implement({
  description: 'A key of the API. Its text is shown only when it is made.',
  authScopes: { admin: true },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id; also the middle of its text, without the dashes.' }),
    name: t.exposeString('name', { description: 'What it is for.' }),
    fragment: t.exposeString('fragment', { description: 'The last characters of its text, to tell keys apart.' }),
    scopes: t.field({
      type: [ApiScope],
      description: 'What its holder may do.',
      resolve: ({ scopes }) => scopes,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    createdBy: t.exposeString('createdBy', {
      description: "Who made it: a key's name, a token's subject, or the user of the machine.",
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From when on it lets nobody in; null when it has no end.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was used last, to the minute; null when it never was.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked; null when it was not.',
    }),
  }),
})

const CreatedApiKey = builder.objectRef<{ key: ApiKeyValue; text: string }>('CreatedApiKey').implement({
  description: 'A key that was just made.',
  authScopes: { admin: true },
  fields: (t) => ({
    key: t.field({ type: ApiKey, description: 'The key.', resolve: ({ key }) => key }),
    text: t.exposeString('text', {
      description: 'What to send as `Authorization: Bearer`. It is kept nowhere and not shown again.',
    }),
  }),
})

builder.queryField('apiKeys', (t) =>
  t.field({
    type: [ApiKey],
    authScopes: { admin: true },
    description: "The organization's keys, newest first, revoked ones too. For administrators.",
    resolve: (_root, _args, { db }) => listKeys(sendOfRequest(db)),
  }),
)

builder.mutationFields((t) => ({
  createApiKey: t.field({
    type: CreatedApiKey,
    skipTypeScopes: true,
    authScopes: { admin: true },
    description: 'Makes a key. Once there is one, no request is answered without. For administrators.',
    args: {
      name: t.arg.string({ required: true, description: 'What it is for, up to 200 characters.' }),
      scopes: t.arg({
        type: [ApiScope],
        required: true,
        description: 'What its holder may do: nothing that whoever makes it may not.',
      }),
      expiresAt: t.arg({
        type: 'DateTime',
        description: 'From when on it lets nobody in; it has no end unless given.',
      }),
    },
    resolve: (_root, { name, scopes, expiresAt }, { db, viewer, requestId }) =>
      createKey(sendOfRequest(db), { name, scopes, expiresAt: expiresAt ?? null }, { ...viewer, requestId }),
  }),
  revokeApiKey: t.field({
    type: ApiKey,
    skipTypeScopes: true,
    authScopes: { admin: true },
    description: 'Makes a key let nobody in any more, within a second. For administrators.',
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, { id }, { db, viewer, requestId }) =>
      revokeKey(sendOfRequest(db), id, { actor: viewer.actor, requestId }),
  }),
}))
