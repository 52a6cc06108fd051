import type { Entity, Relation } from '../../filters/declaration.ts'
import { entities } from '../../filters/entities/index.ts'

const { agentCall } = entities
const agent: Relation = { ...agentCall.relations.agent!, optional: true }

/** What usage is filtered by: what calls are, of which each has an agent, and what runs cost beyond them has none. */
export const usageFact: Entity = { ...agentCall, relations: { ...agentCall.relations, agent } }
