import './scalars.ts'
import './agents.ts'
import './artifacts.ts'
import './battle-cards.ts'
import './companies.ts'
import './imports.ts'
import './playbooks.ts'
import './prospects.ts'
import './runs.ts'
import './site-research.ts'
import './talk-tracks.ts'
import './vendor-elements.ts'
import { builder } from './builder.ts'

export type { Context } from './context.ts'

export const schema = builder.toSchema({ sortSchema: true })
