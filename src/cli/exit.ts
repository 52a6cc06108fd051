/** How a command ended, for whatever called it: 0 all good, 1 it could not be done, 2 done in part (records were set aside). */
export class CommandExit extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`exit code ${exitCode}`)
    this.exitCode = exitCode
  }
}
