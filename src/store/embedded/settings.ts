import { statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import type { Places } from './places.ts'

const megabyte = 1024 * 1024

/** postgresql.conf, written anew at every start; what a person adds goes to `local.conf` beside the cluster. */
export async function serverSettings(places: Places, port: number): Promise<string> {
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 60,
    ...memorySettings(memoryMegabytes()),
    dynamic_shared_memory_type: await dynamicSharedMemory(),
    jit: 'off',
    random_page_cost: 1.1,
    // Durable: a committed import survives a power cut.
    synchronous_commit: 'on',
    wal_compression: 'off',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: 0.9,
    track_io_timing: 'on',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    datestyle: 'iso, ymd',
    // Failures are recognized by their English text.
    lc_messages: 'C',
    default_text_search_config: 'pg_catalog.english',
    logging_collector: 'on',
    log_directory: places.logs,
    log_filename: 'postgres-%Y%m%d-%H%M%S.log',
    log_rotation_size: '10MB',
    log_rotation_age: 0,
    log_file_mode: '0600',
    log_line_prefix: '%m [%p] %q%u@%d %a ',
    log_checkpoints: 'off',
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${quote(value)}`)
  return [
    '# Written by Crossrun at every start. Put your own settings into the file at the end.',
    ...lines,
    `include_if_exists = ${quote(places.ownSettings)}`,
    '',
  ].join('\n')
}

/** pg_hba.conf: the role crossrun by password from this machine; the superuser only in single-user mode. */
export const accessRules = [
  '# Written by Crossrun at every start.',
  'host all postgres 127.0.0.1/32 reject',
  // Every login may connect to these by default, and make temporary tables there.
  'host postgres,template1 crossrun 127.0.0.1/32 scram-sha-256',
  'host postgres,template1 all 127.0.0.1/32 reject',
  'host all all 127.0.0.1/32 scram-sha-256',
  '',
].join('\n')

/** Sizes for a machine that also runs Crossrun itself and a browser; all in megabytes. */
export function memorySettings(memory: number): Record<string, string> {
  const share = (part: number, least: number, most: number) =>
    `${Math.max(least, Math.min(most, Math.floor(memory / part)))}MB`
  return {
    shared_buffers: share(8, 16, 256),
    effective_cache_size: share(2, 64, 8192),
    maintenance_work_mem: share(16, 16, 256),
    work_mem: share(128, 4, 32),
  }
}

/** What this process may use: the container's limit when there is one. */
function memoryMegabytes(): number {
  const limit = process.constrainedMemory()
  return Math.min(totalmem(), limit > 0 ? limit : totalmem()) / megabyte
}

/** Containers often have 64 MB of /dev/shm, which a parallel query overruns; files on disk have no such limit. */
async function dynamicSharedMemory(): Promise<string> {
  if (process.platform === 'win32') return 'windows'
  if (process.platform !== 'linux') return 'posix'
  const shm = await statfs('/dev/shm').catch(() => undefined)
  return shm && shm.bavail * shm.bsize >= 256 * megabyte ? 'posix' : 'mmap'
}

const quote = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `'${value.replaceAll('\\', '/').replaceAll("'", "''")}'`
