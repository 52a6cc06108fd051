import { defineCommand } from 'citty'
import { type CheckedRollup, checkRollups, rebuildRollups } from '../store/rollups.ts'
import type { CommandContext } from './context.ts'
import { CommandExit } from './exit.ts'
import { jsonArgument } from './json-argument.ts'
import { organizationArgument } from './reading.ts'
import { withSession } from './session.ts'
import { formatTable } from './table.ts'

/** What a program gets when there is something to mend. */
const FOUND = 2

export function createRollupsCommand(context: CommandContext) {
  const check = defineCommand({
    meta: {
      name: 'check',
      description:
        'Compare the sums that metrics are read from with the calls and runs they are made of. Example: crossrun rollups check',
    },
    args: { organization: organizationArgument, json: jsonArgument },
    async run({ args }) {
      const tables = await withSession(context, args.organization, checkRollups)
      const isRight = tables.every(({ wrong }) => wrong === 0)
      if (args.json) context.stdout(JSON.stringify({ tables }))
      else for (const line of formatCheck(tables, context.columns)) context.stdout(line)
      if (!isRight) throw new CommandExit(FOUND)
    },
  })

  const rebuild = defineCommand({
    meta: {
      name: 'rebuild',
      description: 'Make these sums anew from the calls and runs. Example: crossrun rollups rebuild',
    },
    args: { organization: organizationArgument, json: jsonArgument },
    async run({ args }) {
      const cells = await withSession(context, args.organization, rebuildRollups)
      if (args.json) return context.stdout(JSON.stringify({ cells }))
      const rows = Object.entries(cells).map(([table, count]) => [table, count])
      for (const line of formatTable(['table', 'sums'], rows, { width: context.columns })) context.stdout(line)
    },
  })

  return defineCommand({
    meta: {
      name: 'rollups',
      description: 'Look after the sums that metrics are read from; imports keep them. Example: crossrun rollups check',
    },
    subCommands: { check, rebuild },
  })
}

function formatCheck(tables: CheckedRollup[], width: number | null): string[] {
  const rows = tables.map(({ table, cells, wrong }) => [table, cells, wrong])
  const lines = formatTable(['table', 'sums', 'wrong'], rows, { width })
  for (const { table, examples } of tables) {
    for (const { cell, excess } of examples)
      lines.push(`${table} ${JSON.stringify(cell)} has too much: ${JSON.stringify(excess)}`)
  }
  const isRight = tables.every(({ wrong }) => wrong === 0)
  return [
    ...lines,
    isRight ? 'All sums are what the calls and runs add up to.' : 'Next: `crossrun rollups rebuild` makes them anew.',
  ]
}
