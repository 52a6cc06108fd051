import { createInterface } from 'node:readline/promises'
import { type Environment, readEnvironment } from '../environment.ts'
import { CommandExit } from './exit.ts'

/** Where a command writes and what it is configured by; a test passes its own. */
export type CommandContext = {
  stdout(line: string): void
  stderr(line: string): void
  /** Bytes for standard output, as they are; settles when the next ones may come. */
  write(bytes: Uint8Array): Promise<void>
  environment(): Environment
  /** Whether standard error is a terminal that can draw a progress bar. */
  isTerminal: boolean
  /** How many characters fit in a line of standard output; null when it is no terminal. */
  columns: number | null
  /** Calls back at SIGINT and SIGTERM until the returned function is called. */
  onInterrupt(listener: () => void): () => void
  /** Asks whoever sits at the terminal for a line; not there when nobody does. */
  ask?(question: string): Promise<string>
}

export const terminal: CommandContext = {
  stdout: (line) => process.stdout.write(`${line}\n`),
  stderr: (line) => process.stderr.write(`${line}\n`),
  write: writeOut,
  environment: () => readEnvironment(),
  isTerminal: process.stderr.isTTY === true,
  columns: process.stdout.isTTY ? process.stdout.columns : null,
  onInterrupt(listener) {
    process.on('SIGINT', listener)
    process.on('SIGTERM', listener)
    return () => {
      process.off('SIGINT', listener)
      process.off('SIGTERM', listener)
    }
  },
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
}

let isOutputLost = false

process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  // Whoever reads may have seen enough, such as `head`: that is no error, and what is open is closed as usual.
  if (code === 'EPIPE' || isOutputLost) return
  isOutputLost = true
  process.stderr.write(`OUTPUT_FAILED: Standard output cannot be written: ${message}\n`)
  process.once('exit', () => {
    process.exitCode ||= 1
  })
})

async function ask(question: string): Promise<string> {
  const terminalLines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await terminalLines.question(question)
  } finally {
    terminalLines.close()
  }
}

function writeOut(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => {
      if (!error) resolve()
      // Which of the two it was is said where the stream's own errors are heard.
      else reject(new CommandExit((error as NodeJS.ErrnoException).code === 'EPIPE' ? 0 : 1))
    })
  })
}
