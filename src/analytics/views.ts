import { entities } from '../filters/entities/index.ts'
import type { Scope } from '../filters/scope.ts'
import type { Subject } from '../metrics/declaration.ts'
import { SUBJECTS } from '../metrics/subjects/index.ts'
import { entityView } from './entity-view.ts'
import { OTHER_VIEWS } from './other-views.ts'
import { subjectView } from './subject-view.ts'
import { type View, WHATEVER_IS_SHOWN } from './view.ts'

/** Subjects whose facts are known by another name than the subject. */
const NAMES: Readonly<Record<string, string>> = {
  ACCOUNTS: 'companies',
  HEALTH: 'health_checks',
  USAGE: 'agent_calls',
}

const ENTITIES = {
  agents: entities.agent,
  attempts: entities.attempt,
  battle_cards: entities.battleCard,
  campaigns: entities.campaign,
  candidate_scores: entities.candidateScore,
  contacts: entities.contact,
  conversations: entities.conversation,
  datasets: entities.dataset,
  diagnoses: entities.diagnosis,
  email_touches: entities.emailTouch,
  extraction_runs: entities.extractionRun,
  imported_files: entities.importedFile,
  imports: entities.importRecord,
  playbooks: entities.playbook,
  prompt_versions: entities.promptVersion,
  rejected_records: entities.rejectedRecord,
  relationships: entities.relationship,
  run_events: entities.runEvent,
  run_phases: entities.runPhase,
  signals: entities.signal,
  steps: entities.step,
  task_fields: entities.taskField,
}

type MakeView = (scope: Scope) => View

/** Makes each view of the schema `analytics` but its catalog, by name. */
function makersOf(subjects: readonly Subject[]): Map<string, MakeView> {
  const makers: [string, MakeView][] = [
    ...subjects.map((subject): [string, MakeView] => {
      const name = NAMES[subject.name] ?? subject.name.toLowerCase()
      return [name, (scope) => subjectView(subject, name, scope)]
    }),
    ...Object.entries(ENTITIES).map(([name, entity]): [string, MakeView] => [
      name,
      (scope) => entityView(entity, name, scope),
    ]),
    ...OTHER_VIEWS.map((view): [string, MakeView] => [view.name, () => view]),
  ]
  return new Map(makers.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const makers = makersOf(SUBJECTS)

/** Names of all views but the catalog, sorted. */
export const VIEW_NAMES: readonly string[] = [...makers.keys()]

/** One view over the rows of the scope; undefined when there is none of this name. */
export function viewNamed(name: string, scope: Scope): View | undefined {
  return makers.get(name)?.(scope)
}

/** All views of the schema `analytics` but its catalog, by name. */
export function viewsOf(subjects = SUBJECTS): View[] {
  return [...makersOf(subjects).values()].map((make) => make(WHATEVER_IS_SHOWN))
}
