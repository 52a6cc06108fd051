import { readEnvironment } from '../../environment.ts'
import { backUp } from './backup.ts'
import { contentsOf } from './manifest.ts'
import { restore } from './restore.ts'

let t = performance.now()
const lap = (n: string) => {
  console.log(n, Math.round(performance.now() - t))
  t = performance.now()
}
await contentsOf(process.env.CROSSRUN_DATA_DIR + '/postgres/cluster')
lap('contents')
console.log(await backUp(readEnvironment(), '/tmp/pgx/b.tgz'))
lap('backup')
await restore(readEnvironment(), '/tmp/pgx/b.tgz', { force: true })
lap('restore')
