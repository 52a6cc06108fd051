import {
  boolean,
  dateTime,
  entity,
  extra,
  float,
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
import { campaign } from './campaigns.ts'
import { run } from './runs.ts'
import { task } from './tasks.ts'

export const dataset = entity({
  name: 'Dataset',
  table: 'datasets',
  description: "A version of a campaign's input: columns and rows.",
  fields: {
    sourceId: text("The source system's id of it.", required),
    sourceCampaignId: text("The source system's id of its campaign."),
    sourceOrganizationId: text("The source system's id of its organization."),
    name: text('Its name.', required),
    description: text('What it is about.', long),
    version: integer('Its version; the first is 1.', required),
    status: oneOf('DatasetStatus', 'Whether it is in use.'),
    schema: json('Its columns: a list of {name, type, isRequired, isUrl, isGroundTruth, validation}, as written.', {
      required: true,
    }),
    totalRows: integer('Number of its rows; as reported when they were left out.'),
    reportedTotalRows: integer("The source system's own number of rows."),
    hasGroundTruth: boolean('Whether a row has a ground-truth value.', required),
    groundTruthColumns: textList('Columns that hold what should be found.'),
    groundTruthRows: integer('Number of rows with any ground-truth value; null without such columns.'),
    groundTruthCoveragePercent: float('Rows with any ground-truth value, 0–100; null without such columns.'),
    reportedGroundTruthCoveragePercent: float("The source system's own coverage, 0–100."),
    validationErrors: json('What its validation found: a list of {row, column, error}, as written.', {
      required: true,
    }),
    duplicateRows: integer('Rows equal in every column to a row before them; null when the rows were left out.'),
    invalidRows: integer('Rows that its validation found fault with; null when it says nothing.'),
    reportedDuplicateRows: integer("The source system's own number of duplicate rows."),
    reportedInvalidRows: integer("The source system's own number of invalid rows."),
    sourceType: text('Where it comes from, such as csv_upload, api_sync or manual.'),
    sourceMetadata: json('What is known of where it comes from, as written.'),
    createdBy: text('Who created it.'),
    sourceCreatedAt: dateTime('When the source system created it.'),
    sourceUpdatedAt: dateTime('When the source system last changed it.'),
    deprecatedName: text('The older table that it was imported from: batches.'),
    extra,
  },
  relations: {
    campaign: one(() => campaign, 'campaign_id', 'The campaign it belongs to.'),
    rows: many(() => datasetRow, 'dataset_id', 'Its rows.'),
    runs: many(() => run, 'dataset_id', 'The runs on it.'),
    tasks: many(() => task, 'dataset_id', 'The tasks on its rows.'),
  },
  order: { name: 'ASC', version: 'ASC' },
})

export const datasetRow = entity({
  name: 'DatasetRow',
  table: 'dataset_rows',
  description: 'A row of a dataset: a site to read, and what is known to stand there.',
  fields: {
    rowId: text("The row's own id, else its number from 1.", required),
    position: integer('Its place in the dataset, from 0.', required),
    data: json('The row as written.', required),
    siteUrl: text("The site's address."),
    siteDomain: text("The site's normalized domain."),
    siteName: text("The site's name."),
    groundTruth: json('The values of the ground-truth columns, as written.'),
    hasGroundTruth: boolean('Whether any ground-truth column has a value.', required),
    isDuplicate: boolean('Whether it is equal in every column to a row before it.', required),
    errors: json("What the dataset's validation said of it, as written.", required),
  },
  relations: {
    dataset: one(() => dataset, 'dataset_id', 'The dataset it is part of.', { optional: false }),
    tasks: many(() => task, 'dataset_row_id', 'The tasks on it, in all runs.'),
  },
  order: { position: 'ASC' },
})
