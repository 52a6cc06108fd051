import { createInterface } from 'node:readline'
import { readEnvironment } from '../../../src/environment.ts'
import { openDatabase } from '../../../src/store/database.ts'

// A Crossrun process for the tests: opens the database of the data directory given, says so, does what it is told.
const database = await openDatabase(readEnvironment({ CROSSRUN_DATA_DIR: process.argv[2] }))
console.log(JSON.stringify({ url: database.url, startedHere: database.startedHere }))
const lines = createInterface(process.stdin)
lines.on('line', async (word) => {
  if (word === 'close') await database.close()
  process.exit(0)
})
