import { isObject } from '../wire.ts'
import { PART_PATTERNS } from './run-document.ts'
import { type VendorList, vendorLists } from './wire.ts'

/**
 * A way a run, or a part of one, lies in a file. Each is read as if it stood in a complete run: `place` says where its
 * root would be.
 */
export type Layout = {
  name: 'run' | 'phase-1' | 'phase-2' | 'phase-3' | 'phase-4'
  /** The phase the file holds; null when it holds the whole run. */
  phase: 1 | 2 | 3 | 4 | null
  /** Patterns of the parts that are read one by one, as they stand in this file. */
  patterns: string[]
  /** From a pointer in the file to the same place in a complete run. */
  canonical(pointer: string): string
  /** From a place in a complete run to the pointer in the file. */
  original(pointer: string): string
}

const ELEMENTS = '/phase2_output/vendor_elements'
const INTELLIGENCE = '/phase3_output/prospect_intelligence'

const wholeRun: Layout = {
  name: 'run',
  phase: null,
  patterns: PART_PATTERNS,
  canonical: (pointer) => pointer,
  original: (pointer) => pointer,
}

const research: Layout = {
  name: 'phase-1',
  phase: 1,
  patterns: ['/vendor_content/*', '/prospect_content/*'],
  canonical: (pointer) =>
    pointer.replace(/^\/(vendor|prospect)_content(?=\/|$)/, '/phase1_output/$1_batch_content/scraped_pages'),
  original: (pointer) =>
    pointer.replace(/^\/phase1_output\/(vendor|prospect)_batch_content\/scraped_pages/, '/$1_content'),
}

/** A phase's object that stands at the file's root, or one key below it. */
function below(name: Layout['name'], phase: 2 | 3 | 4, root: string, wrapper: string | null): Layout {
  const prefix = wrapper === null ? '' : `/${wrapper}`
  return {
    name,
    phase,
    patterns: PART_PATTERNS.filter((pattern) => pattern.startsWith(`${root}/`)).map(
      (pattern) => prefix + pattern.slice(root.length),
    ),
    canonical: (pointer) => (pointer.startsWith(prefix) ? root + pointer.slice(prefix.length) : pointer),
    original: (pointer) => (pointer.startsWith(root) ? prefix + pointer.slice(root.length) : pointer),
  }
}

const intelligenceKeys = { company_profile: true, pain_points: true, target_buyer_personas: true }

const layouts: [Layout, (keys: string[], value: Record<string, unknown>) => boolean][] = [
  [
    wholeRun,
    (keys) =>
      keys.includes('run_id') && keys.some((key) => key === 'workflow_input' || /^phase[1-4]_output$/.test(key)),
  ],
  [research, (keys) => keys.includes('vendor_content') || keys.includes('prospect_content')],
  [
    below('phase-4', 4, '/phase4_output/sales_playbook', 'sales_playbook'),
    (keys) => keys.length === 1 && keys[0] === 'sales_playbook',
  ],
  [below('phase-2', 2, ELEMENTS, 'vendor_elements'), (keys) => keys.includes('vendor_elements')],
  [below('phase-3', 3, INTELLIGENCE, 'prospect_intelligence'), (keys) => keys.includes('prospect_intelligence')],
  [below('phase-2', 2, ELEMENTS, null), (keys) => keys.length > 0 && keys.every((key) => key in vendorLists)],
  [below('phase-3', 3, INTELLIGENCE, null), (keys) => keys.length > 0 && keys.every((key) => key in intelligenceKeys)],
]

/** Which layout a JSON object has, by its keys; null when it is no part of a playbook run. */
export function layoutOf(value: unknown): Layout | null {
  if (!isObject(value)) return null
  const keys = Object.keys(value)
  return layouts.find(([, matches]) => matches(keys, value))?.[0] ?? null
}

/** Whether an object is a run directory's `metadata.json`. */
export function isRunDirectoryMetadata(value: unknown): boolean {
  return (
    isObject(value) &&
    'timestamp' in value &&
    'vendor_domain' in value &&
    'prospect_domain' in value &&
    !('run_id' in value)
  )
}

/** What a file of a run directory holds, by its name: the agent that made it and where its output stands in a complete run. */
export type DirectoryPart = { phase: 2 | 3 | 4; agent: string; key: string; canonical: string }

const playbookPart = (agent: string, key: string): [string, DirectoryPart] => [
  agent,
  { phase: 4, agent, key, canonical: `/phase4_output/sales_playbook/${key}` },
]

export const directoryParts = new Map<string, DirectoryPart>([
  ...(Object.keys(vendorLists) as VendorList[]).map((list): [string, DirectoryPart] => {
    const { agent } = vendorLists[list]
    return [agent, { phase: 2, agent, key: list, canonical: `${ELEMENTS}/${list}` }]
  }),
  [
    'company_profile',
    { phase: 3, agent: 'company_profile', key: 'company_profile', canonical: `${INTELLIGENCE}/company_profile` },
  ],
  ['pain_points', { phase: 3, agent: 'pain_points', key: 'pain_points', canonical: `${INTELLIGENCE}/pain_points` }],
  [
    'buyer_personas',
    {
      phase: 3,
      agent: 'buyer_personas',
      key: 'target_buyer_personas',
      canonical: `${INTELLIGENCE}/target_buyer_personas`,
    },
  ],
  // The summary is the playbook's own fields, which stand beside the lists.
  [
    'playbook_summary',
    { phase: 4, agent: 'playbook_summary', key: 'playbook_summary', canonical: '/phase4_output/sales_playbook' },
  ],
  playbookPart('email_sequences', 'email_sequences'),
  playbookPart('talk_tracks', 'talk_tracks'),
  playbookPart('battle_cards', 'battle_cards'),
  [
    'final_playbook',
    { phase: 4, agent: 'playbook_assembly', key: 'sales_playbook', canonical: '/phase4_output/sales_playbook' },
  ],
])
