import type { Entity } from '../declaration.ts'
import * as agents from './agents.ts'
import * as artifacts from './artifacts.ts'
import * as companies from './companies.ts'
import * as imports from './imports.ts'
import * as playbooks from './playbooks.ts'
import * as prospects from './prospects.ts'
import * as runs from './runs.ts'
import * as siteResearch from './site-research.ts'
import * as vendorElements from './vendor-elements.ts'

export const entities = {
  ...agents,
  ...artifacts,
  ...companies,
  ...imports,
  ...playbooks,
  ...prospects,
  ...runs,
  ...siteResearch,
  ...vendorElements,
} satisfies Record<string, Entity>
