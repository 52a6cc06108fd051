import {
  boolean,
  dateTime,
  entity,
  extra,
  integer,
  json,
  long,
  many,
  one,
  oneOf,
  required,
  text,
  textList,
} from '../declaration.ts'
import { promptVersion } from './agents.ts'
import { dataset } from './datasets.ts'
import { extractionResult } from './extraction-results.ts'
import { run } from './runs.ts'
import { task } from './tasks.ts'

export const sourceOrganization = entity({
  name: 'SourceOrganization',
  table: 'source_organizations',
  description: 'A tenant of a source system, kept as data.',
  fields: {
    sourceId: text("The source system's id of it.", required),
    name: text('Its name.'),
    slug: text('Its short name.'),
    sourceCreatedAt: dateTime('When the source system created it.'),
    sourceUpdatedAt: dateTime('When the source system last changed it.'),
    extra,
  },
  order: { name: 'ASC' },
})

export const campaign = entity({
  name: 'Campaign',
  table: 'campaigns',
  description: 'A web-extraction initiative: versions of its instruction, datasets and runs.',
  fields: {
    sourceId: text("The source system's id of it.", required),
    sourceOrganizationId: text("The source system's id of its organization."),
    name: text('Its name.', required),
    description: text('What it is about.', long),
    purpose: text('The business goal.', long),
    status: oneOf('CampaignStatus', 'How far it is.'),
    sourceCurrentInstructionId: text("The source system's id of the instruction version in use."),
    scheduleEnabled: boolean('Whether it is run by its schedule.', required),
    scheduleExpression: text('When it is run: a cron expression, as written.'),
    scheduleTimeZone: text('The time zone of the schedule, as written; UTC when there is none.'),
    alertsEnabled: boolean('Whether it tells people of what it finds.', required),
    alertChannels: json('How it tells them: a map such as {email, slack, webhook}, as written.'),
    ownerId: text("The source system's id of its owner."),
    teamMembers: textList("The source system's ids of its team."),
    tags: textList('Its tags.'),
    createdBy: text('Who created it.'),
    archivedAt: dateTime('When it was archived.'),
    sourceCreatedAt: dateTime('When the source system created it.'),
    sourceUpdatedAt: dateTime('When the source system last changed it.'),
    deprecatedName: text('The older table that it was imported from: projects.'),
    extra,
  },
  relations: {
    currentInstruction: one(() => promptVersion, 'current_instruction_id', 'The version of its instruction in use.'),
    instructions: many(() => promptVersion, 'campaign_id', 'The versions of its instruction.'),
    datasets: many(() => dataset, 'campaign_id', 'Its datasets.'),
    runs: many(() => run, 'campaign_id', 'Its runs.'),
    tasks: many(() => task, 'campaign_id', 'The tasks of its runs.'),
    results: many(() => extractionResult, 'campaign_id', "Snapshots of its runs' outcomes."),
    instructionComparisons: many(
      () => instructionComparison,
      'campaign_id',
      "The source system's own comparisons of its instruction's versions.",
    ),
  },
  order: { name: 'ASC' },
})

export const instructionComparison = entity({
  name: 'InstructionComparison',
  table: 'instruction_comparisons',
  description: "The source system's own A/B test of two versions of an instruction.",
  fields: {
    sourceId: text("The source system's id of it.", required),
    sourceCampaignId: text("The source system's id of its campaign."),
    name: text('Its name.'),
    description: text('What it is about.', long),
    sourceInstructionAId: text("The source system's id of version A."),
    sourceInstructionBId: text("The source system's id of version B."),
    sourceDatasetId: text("The source system's id of the dataset."),
    sampleSize: integer('Number of rows that both were run on.'),
    sourceRunAId: text("The source system's id of version A's run."),
    sourceRunBId: text("The source system's id of version B's run."),
    status: oneOf('InstructionComparisonStatus', 'How far it is.'),
    winner: oneOf('InstructionComparisonWinner', 'Which version the source system takes for the better one.'),
    winnerReason: text('Why it does.', long),
    createdBy: text('Who created it.'),
    sourceCreatedAt: dateTime('When the source system created it.'),
    extra,
  },
  relations: {
    campaign: one(() => campaign, 'campaign_id', 'The campaign it belongs to.'),
    instructionA: one(() => promptVersion, 'instruction_a_id', 'Version A.'),
    instructionB: one(() => promptVersion, 'instruction_b_id', 'Version B.'),
    dataset: one(() => dataset, 'dataset_id', 'The dataset that both were run on.'),
    runA: one(() => run, 'run_a_id', 'The run of version A.'),
    runB: one(() => run, 'run_b_id', 'The run of version B.'),
  },
  order: { sourceCreatedAt: 'DESC' },
})
