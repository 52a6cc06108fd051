import type { ClientBase } from 'pg'

/** The newest run of a company (in its role) for which a value is known; an index scan that stops at the first. */
const newest = (role: 'prospect_id' | 'vendor_id', columns: string, joined: string) => `
  select ${columns} from runs r join ${joined} on x.organization_id = r.organization_id and x.run_id = r.id
  where r.organization_id = c.organization_id and r.${role} = c.id and r.started_at is not null and`
const last = 'order by r.started_at desc, r.id desc limit 1'

/** What the accounts data says of a company. */
export const ACCOUNT_COLUMNS = [
  'in_accounts',
  'source_id',
  'source_domain',
  'account_name',
  'account_industry',
  'size',
  'description',
  'headquarters_location',
  'country',
  'research_data',
  'account_tier',
  'account_status',
  'reported_total_contacts',
  'reported_active_conversations',
  'last_researched_at',
  'source_created_at',
  'source_updated_at',
  'extra',
  'record_at',
  'record_sha256',
] as const

/**
 * Brings companies' names and industries up to what is known now: the account's, else those of the newest run's profile
 * that has them, else the name on its home page. Whatever the order of imports, the answer is the same.
 * @param companies ids of the companies that the written runs name
 */
export async function refreshCompanies(client: ClientBase, companies: string[]): Promise<void> {
  await client.query(
    `with known as (
       select c.id, coalesce(profile.company_name, name.company_name) as profile_name,
              coalesce(profile.industry, industry.industry) as profile_industry, profile.started_at as profiled_at,
              profile.id as profile_run_id, coalesce(vendor.company_name, prospect.company_name) as site_name
       from companies c
       left join lateral (${newest('prospect_id', 'r.id, r.started_at, x.company_name, x.industry', 'company_profiles x')} true ${last}) profile on true
       -- Older runs are looked through only for what the newest does not say.
       left join lateral (${newest('prospect_id', 'x.company_name', 'company_profiles x')}
         profile.company_name is null and x.company_name is not null ${last}) name on true
       left join lateral (${newest('prospect_id', 'x.industry', 'company_profiles x')}
         profile.industry is null and x.industry is not null ${last}) industry on true
       left join lateral (${newest('vendor_id', 'x.company_name', 'site_researches x')}
         coalesce(profile.company_name, name.company_name) is null and x.side = 'VENDOR' and x.company_name is not null ${last}) vendor on true
       left join lateral (${newest('prospect_id', 'x.company_name', 'site_researches x')}
         coalesce(profile.company_name, name.company_name) is null and x.side = 'PROSPECT' and x.company_name is not null ${last}) prospect on true
       where c.organization_id = (select crossrun_organization_id()) and c.id = any($1::uuid[])
     )
     update companies c
     set profile_name = k.profile_name, profile_industry = k.profile_industry, profiled_at = k.profiled_at,
         profile_run_id = k.profile_run_id, site_name = k.site_name,
         name = coalesce(c.account_name, k.profile_name, k.site_name), industry = coalesce(c.account_industry, k.profile_industry)
     from known k
     where c.id = k.id
       and (c.profile_name, c.profile_industry, c.profiled_at, c.profile_run_id, c.site_name, c.name, c.industry)
           is distinct from (k.profile_name, k.profile_industry, k.profiled_at, k.profile_run_id, k.site_name,
                             coalesce(c.account_name, k.profile_name, k.site_name), coalesce(c.account_industry, k.profile_industry))`,
    [companies],
  )
}
