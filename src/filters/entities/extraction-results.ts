import { boolean, dateTime, entity, extra, float, integer, json, one, required, text } from '../declaration.ts'
import { promptVersion } from './agents.ts'
import { campaign } from './campaigns.ts'
import { dataset } from './datasets.ts'
import { run } from './runs.ts'

export const extractionResult = entity({
  name: 'ExtractionResult',
  table: 'extraction_results',
  description: "The snapshot of a run's outcome; an import that would change what it says is rejected.",
  fields: {
    sourceId: text("The source system's id of it.", required),
    sourceRunId: text("The source system's id of its run."),
    sourceCampaignId: text("The source system's id of its campaign."),
    sourceDatasetId: text("The source system's id of its dataset."),
    sourceInstructionId: text("The source system's id of its instruction."),
    sourceOrganizationId: text("The source system's id of its organization."),
    totalTasks: integer('Number of tasks, as the snapshot has it.'),
    successfulTasks: integer('Number of successful tasks, as the snapshot has it.'),
    failedTasks: integer('Number of failed tasks, as the snapshot has it.'),
    partialTasks: integer('Number of partly successful tasks, as the snapshot has it.'),
    overallQualityScore: float("The source system's own score of its quality, 0–100."),
    averageConfidence: float('Mean confidence, 0–1, as the snapshot has it.'),
    averageCompleteness: float('Mean completeness, as the snapshot has it.'),
    reportedAccuracyPercent: float("The source system's own accuracy, 0–100."),
    reportedPassRate: float("The source system's own pass rate, as written."),
    reportedFieldAccuracies: json("The source system's own accuracy by field, as written."),
    taskResults: json(
      'The tasks: a list of {taskId, siteUrl, status, extractedData, confidence, accuracy}, as written.',
    ),
    exports: json('Where the ready-made exports are, by format, as written.'),
    permalinkToken: text('What its permanent link ends in.'),
    isPublic: boolean('Whether anybody with the link may see it.', required),
    expiresAt: dateTime('When the link ends.'),
    createdBy: text('Who created it.'),
    sourceCreatedAt: dateTime('When the source system created it.'),
    contentSha256: text('SHA-256 of what may not change, in hexadecimal.', required),
    extra,
  },
  relations: {
    run: one(() => run, 'run_id', 'The run whose outcome it is.'),
    campaign: one(() => campaign, 'campaign_id', 'The campaign it belongs to.'),
    dataset: one(() => dataset, 'dataset_id', 'The dataset that was run on.'),
    promptVersion: one(() => promptVersion, 'prompt_version_id', 'The instruction it was made with.'),
  },
  order: { sourceCreatedAt: 'DESC' },
})
