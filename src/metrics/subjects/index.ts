import type { Subject } from '../declaration.ts'
import { accounts, painPoints, touchpoints } from './accounts.ts'
import { alerts, health, resolutions } from './ops.ts'
import { runs } from './runs.ts'
import { candidates } from './scoring.ts'
import { tasks } from './tasks.ts'
import { usage } from './usage.ts'

/** All that can be measured. */
export const SUBJECTS: readonly Subject[] = [
  accounts,
  alerts,
  candidates,
  health,
  painPoints,
  resolutions,
  runs,
  tasks,
  touchpoints,
  usage,
]
