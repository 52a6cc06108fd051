import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import type { Decimal } from 'decimal.js'
import { may } from '../access/viewer.ts'
import { BadInputError, CrossrunError } from '../errors.ts'
import { decodeGlobalId, encodeGlobalId } from '../filters/global-ids.ts'
import type { PrismaClient } from '../store/client.ts'
import type { Context } from './context.ts'
import { costOf } from './costs.ts'
import type PrismaTypes from './generated/pothos.ts'
import { getDatamodel } from './generated/pothos.ts'

type Given = {
  Context: Context
  AuthScopes: { admin: boolean; read: boolean; write: boolean }
  PrismaTypes: PrismaTypes
  DefaultFieldNullability: false
  Scalars: {
    ID: { Input: string; Output: string | number }
    DateTime: { Input: Date; Output: Date }
    Date: { Input: string; Output: Date }
    Decimal: { Input: string; Output: Decimal.Value }
    JSON: { Input: unknown; Output: unknown }
    SafeInt: { Input: bigint; Output: bigint | number }
    TimeZone: { Input: string; Output: string }
  }
}

/** What the builder's refs and fields are typed by. */
export type Types = PothosSchemaTypes.ExtendDefaultTypes<Given>

export const builder = new SchemaBuilder<Given>({
  // The first plugin wraps all others: who may not ask is told so before anything is resolved.
  plugins: [ScopeAuthPlugin, PrismaPlugin, RelayPlugin, ComplexityPlugin],
  // The server asks what an operation costs before it begins; here each field only says so.
  complexity: { disabled: true, fieldComplexity: costOf as never },
  scopeAuth: {
    authScopes: ({ viewer }) => ({
      admin: may(viewer, 'ADMIN'),
      read: may(viewer, 'READ'),
      write: may(viewer, 'WRITE'),
    }),
    unauthorizedError: (_parent, _context, info) =>
      new CrossrunError('FORBIDDEN', `This key may not ask for ${info.parentType.name}.${info.fieldName}.`, {
        hint: 'An administrator makes one that may: `crossrun keys create --scopes …`.',
      }),
  },
  defaultFieldNullability: false,
  prisma: {
    // Whatever Pothos reads by itself, it reads in the request's transaction.
    client: ({ tx }) => tx as unknown as PrismaClient,
    dmmf: getDatamodel(),
    exposeDescriptions: false,
    onUnusedQuery: null,
  },
  relay: {
    encodeGlobalID: (typeName, id) => encodeGlobalId(typeName, String(id)),
    decodeGlobalID(globalId) {
      const decoded = decodeGlobalId(globalId)
      if (!decoded) throw new BadInputError(`id ${JSON.stringify(globalId)} is not an id.`, { argument: 'id' })
      return { typename: decoded.typeName, id: decoded.id }
    },
    idFieldOptions: { description: 'Its id, unique over all types.' },
    nodeTypeOptions: { description: 'Whatever has an id that is unique over all types.' },
    nodeQueryOptions: {
      description: 'The object with this id, or null.',
      args: { id: { description: 'An id, as `id` fields give it.' } },
    },
    nodesQueryOptions: {
      description: 'The objects with these ids, in their order; null where there is none.',
      args: { ids: { description: 'Ids, as `id` fields give them.' } },
    },
  },
})

builder.queryType({ description: 'Everything that can be asked.', authScopes: { read: true } })
builder.mutationType({ description: 'Everything that can be changed.', authScopes: { write: true } })
