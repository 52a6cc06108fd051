import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm'

/** A file of the Prisma schema, as the engine takes it. */
export interface SchemaFile {
  path: string
  content: string
}

interface EngineModule {
  SchemaEngine: typeof SchemaEngine
  __wbg_set_wasm(exports: object): void
}

interface EngineExports {
  __wbindgen_start(): void
}

// Neither lib es2023 nor @types/node 20 declares it.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: EngineExports } }>
}

// Once a process: the glue keeps views of the memory it was first given.
let engineModule: Promise<EngineModule> | undefined

/** Starts Prisma's schema engine on the database an adapter connects to. */
export async function startSchemaEngine(
  database: SqlMigrationAwareDriverAdapterFactory,
  datamodel: SchemaFile[],
): Promise<SchemaEngine> {
  assertSameEngineAsPrisma()
  engineModule ??= loadEngineModule()
  const { SchemaEngine } = await engineModule
  const datamodels = datamodel.map(({ path, content }): [string, string] => [path, content])
  return SchemaEngine.new({ datamodels }, ignoreLogLine, bindMigrationAwareSqlAdapterFactory(database))
}

/** The package's own entry imports its .wasm as a module, which Node 20 does only behind a flag. */
async function loadEngineModule(): Promise<EngineModule> {
  const glue = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as unknown as EngineModule
  const { instance } = await WebAssembly.instantiate(readFileSync(enginePackageFile('schema_engine_bg.wasm')), {
    './schema_engine_bg.js': glue,
  })
  glue.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return glue
}

/** An engine of another release would write other SQL than the client of this one expects. */
function assertSameEngineAsPrisma(): void {
  const name = '@prisma/schema-engine-wasm'
  const installed = JSON.parse(readFileSync(enginePackageFile('package.json'), 'utf8')) as { version: string }
  const wanted = createRequire(import.meta.url)('@prisma/engines-version/package.json') as { version: string }
  if (installed.version === wanted.version) return
  throw new Error(`${name} is ${installed.version}, Prisma wants: npm install --save-dev ${name}@${wanted.version}`)
}

function enginePackageFile(name: string): string {
  return fileURLToPath(new URL(name, import.meta.resolve('@prisma/schema-engine-wasm')))
}

function ignoreLogLine(): void {}
