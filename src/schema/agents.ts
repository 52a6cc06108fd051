import { entities } from '../filters/entities/index.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { addList, nestedListField } from './list-fields.ts'
import { addLookup } from './lookups.ts'

const { agent, agentCall, promptVersion } = entities

export const AgentCall = builder.prismaNode('AgentCall', {
  ...nodeOf(agentCall),
  fields: (t) => ({
    ...columnsOf(t, agentCall),
    run: t.relation('run', described(agentCall, 'run')),
    phase: t.relation('phase', { nullable: true, ...described(agentCall, 'phase') }),
    step: t.relation('step', { nullable: true, ...described(agentCall, 'step') }),
    agent: t.relation('agent', described(agentCall, 'agent')),
    promptVersion: t.relation('promptVersion', { nullable: true, ...described(agentCall, 'promptVersion') }),
    attempt: t.relation('attempt', { nullable: true, ...described(agentCall, 'attempt') }),
  }),
})

export const Agent = builder.prismaNode('Agent', {
  ...nodeOf(agent),
  fields: (t) => ({
    ...columnsOf(t, agent),
    calls: nestedListField(t, agentCall, AgentCall, ['agent_id'], 'Its calls in all runs.'),
    promptVersions: nestedListField(t, promptVersion, PromptVersion, ['agent_id'], 'Versions of its prompt.'),
  }),
})

export const PromptVersion = builder.prismaNode('PromptVersion', {
  ...nodeOf(promptVersion),
  fields: (t) => ({
    ...columnsOf(t, promptVersion),
    agent: t.relation('agent', { nullable: true, ...described(promptVersion, 'agent') }),
    agentCalls: nestedListField(t, agentCall, AgentCall, ['prompt_version_id'], 'The calls made with it.'),
  }),
})

addList('agents', agent, Agent, 'The AI agents of all pipelines.')
addList('agentCalls', agentCall, AgentCall, "The agents' calls in all runs.")
addList('promptVersions', promptVersion, PromptVersion, "Versions of the agents' prompts.")

addLookup('agent', {
  entity: agent,
  node: Agent,
  description: 'One agent.',
  keys: { name: { description: 'Its name.', where: (name) => ({ name }) } },
})

addLookup('promptVersion', {
  entity: promptVersion,
  node: PromptVersion,
  description: 'One version of a prompt.',
  keys: {},
})
