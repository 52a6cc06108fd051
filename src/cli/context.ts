import { type Environment, readEnvironment } from '../environment.ts'

/** Where a command writes and what it is configured by; a test passes its own. */
export type CommandContext = {
  stdout(line: string): void
  stderr(line: string): void
  environment(): Environment
  /** Whether standard error is a terminal that can draw a progress bar. */
  isTerminal: boolean
  /** Calls back at SIGINT and SIGTERM until the returned function is called. */
  onInterrupt(listener: () => void): () => void
}

export const terminal: CommandContext = {
  stdout: (line) => process.stdout.write(`${line}\n`),
  stderr: (line) => process.stderr.write(`${line}\n`),
  environment: () => readEnvironment(),
  isTerminal: process.stderr.isTTY === true,
  onInterrupt(listener) {
    process.on('SIGINT', listener)
    process.on('SIGTERM', listener)
    return () => {
      process.off('SIGINT', listener)
      process.off('SIGTERM', listener)
    }
  },
}
