import type { Entity } from '../declaration.ts'
import * as agents from './agents.ts'
import * as artifacts from './artifacts.ts'
import * as audit from './audit.ts'
import * as briefings from './briefings.ts'
import * as campaigns from './campaigns.ts'
import * as companies from './companies.ts'
import * as contacts from './contacts.ts'
import * as conversations from './conversations.ts'
import * as datasets from './datasets.ts'
import * as extractionResults from './extraction-results.ts'
import * as extractionRuns from './extraction-runs.ts'
import * as imports from './imports.ts'
import * as ops from './ops.ts'
import * as playbooks from './playbooks.ts'
import * as prospects from './prospects.ts'
import * as relationships from './relationships.ts'
import * as runs from './runs.ts'
import * as scoring from './scoring.ts'
import * as siteResearch from './site-research.ts'
import * as tasks from './tasks.ts'
import * as touchpoints from './touchpoints.ts'
import * as vendorElements from './vendor-elements.ts'

export const entities = {
  ...agents,
  ...artifacts,
  ...audit,
  ...briefings,
  ...campaigns,
  ...companies,
  ...contacts,
  ...conversations,
  ...datasets,
  ...extractionResults,
  ...extractionRuns,
  ...imports,
  ...ops,
  ...playbooks,
  ...prospects,
  ...relationships,
  ...runs,
  ...scoring,
  ...siteResearch,
  ...tasks,
  ...touchpoints,
  ...vendorElements,
} satisfies Record<string, Entity>
