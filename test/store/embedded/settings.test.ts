import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/store/database.ts'
import { memorySettings } from '../../../src/store/embedded/settings.ts'
import { directoryWithDatabase, environmentOf, query } from './workspace.ts'

test('a large machine gives the server 256 MB of buffers, a small one an eighth of its memory', () => {
  expect(memorySettings(64_000)).toEqual({
    shared_buffers: '256MB',
    effective_cache_size: '8192MB',
    maintenance_work_mem: '256MB',
    work_mem: '32MB',
  })
  expect(memorySettings(1_024)).toEqual({
    shared_buffers: '128MB',
    effective_cache_size: '512MB',
    maintenance_work_mem: '64MB',
    work_mem: '8MB',
  })
  expect(memorySettings(100)).toMatchObject({ shared_buffers: '16MB', work_mem: '4MB' })
})

test('the running server has the settings the design asks for', async () => {
  const database = await openDatabase(environmentOf(await directoryWithDatabase()))
  const shown = await query(
    database.url,
    `SELECT name, current_setting(name) AS value FROM pg_settings WHERE name = ANY($1) ORDER BY name`,
    [['checkpoint_completion_target', 'jit', 'max_connections', 'max_wal_size', 'random_page_cost', 'track_io_timing']],
  )
  expect(shown.map(({ name, value }) => `${name}=${value}`)).toEqual([
    'checkpoint_completion_target=0.9',
    'jit=off',
    'max_connections=60',
    'max_wal_size=2GB',
    'random_page_cost=1.1',
    'track_io_timing=on',
  ])
  await database.close()
})
