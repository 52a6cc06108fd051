import { entities } from '../filters/entities/index.ts'
import { SUBJECTS } from '../metrics/subjects/index.ts'
import { entityView } from './entity-view.ts'
import { OTHER_VIEWS } from './other-views.ts'
import { subjectView } from './subject-view.ts'
import type { View } from './view.ts'

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

/** All views of the schema `analytics` but its catalog, by name. */
export function viewsOf(subjects = SUBJECTS): View[] {
  const views = [
    ...subjects.map((subject) => subjectView(subject, NAMES[subject.name] ?? subject.name.toLowerCase())),
    ...Object.entries(ENTITIES).map(([name, entity]) => entityView(entity, name)),
    ...OTHER_VIEWS,
  ]
  return views.sort((a, b) => (a.name < b.name ? -1 : 1))
}
