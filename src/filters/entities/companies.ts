import { boolean, dateTime, entity, extra, integer, json, long, many, oneOf, required, text } from '../declaration.ts'
import { contact } from './contacts.ts'
import { conversation } from './conversations.ts'
import { buyerPersona, painPoint } from './prospects.ts'
import { run } from './runs.ts'
import { task } from './tasks.ts'

export const company = entity({
  name: 'Company',
  table: 'companies',
  description: 'A company, the same for every source: account, vendor or prospect of runs, owner of sites.',
  fields: {
    key: text('What makes it the same company everywhere: its normalized domain, else its source id.', required),
    domain: text('Lower case, without scheme, www., path and port.'),
    name: text("From the accounts data when it has one, else from the newest run's company profile."),
    industry: text("From the accounts data when it has one, else from the newest run's company profile."),
    inAccounts: boolean('Whether the accounts data has a record of it.', required),
    accountTier: oneOf('AccountTier', 'How much the account matters.'),
    accountStatus: oneOf('AccountStatus', 'Where the account stands.'),
    size: text('Head count or a range of it, as written.'),
    description: text('What it does.', long),
    headquartersLocation: text('Where its headquarters are.'),
    country: text('Its country, as written.'),
    researchData: json('What research found out about it, as written.'),
    accountName: text('Its name in the accounts data.'),
    accountIndustry: text('Its industry in the accounts data.'),
    profileName: text("Its name in the newest run's company profile."),
    profileIndustry: text("Its industry in the newest run's company profile."),
    siteName: text('Its name on its home page.'),
    profiledAt: dateTime('When the run started that its company profile comes from.'),
    sourceId: text("The accounts data's id of it."),
    sourceDomain: text('The domain as the accounts data writes it.'),
    reportedTotalContacts: integer("The source system's own count of its contacts."),
    reportedActiveConversations: integer("The source system's own count of its active conversations."),
    lastResearchedAt: dateTime('When it was last researched.'),
    sourceCreatedAt: dateTime('When the source system created it.'),
    sourceUpdatedAt: dateTime('When the source system last changed it.'),
    extra,
  },
  relations: {
    prospectRuns: many(() => run, 'prospect_id', 'Runs that it is the prospect of.'),
    vendorRuns: many(() => run, 'vendor_id', 'Runs that it is the vendor of.'),
    painPoints: many(() => painPoint, 'company_id', 'Its pain points.'),
    tasks: many(() => task, 'company_id', 'The extraction tasks on its sites.'),
    buyerPersonas: many(() => buyerPersona, 'company_id', 'Its buyer personas.'),
    contacts: many(() => contact, 'company_id', 'The people who work for it.'),
    conversations: many(() => conversation, 'company_id', 'The conversations with it.'),
  },
  order: { name: 'ASC' },
})
