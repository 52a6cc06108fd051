/** Imports a folder and prints a line after each batch that was committed; for tests that end it on the way. */
import { DEFAULT_IMPORT_OPTIONS } from '../../src/importers/options.ts'
import { runImport } from '../../src/importers/run-import.ts'

const [url, folder] = process.argv.slice(2)
let inserted = 0
await runImport(url!, [folder!], DEFAULT_IMPORT_OPTIONS, {
  progress({ records }) {
    if (records.inserted > inserted) console.log(records.inserted)
    inserted = records.inserted
  },
})
