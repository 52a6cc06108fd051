import cliProgress from 'cli-progress'
import type { ImportWatcher } from '../importers/run-import.ts'
import type { Tally } from '../importers/tally.ts'
import type { CommandContext } from './context.ts'
import { formatBytes } from './import-summary.ts'

/** Without a terminal, a line is printed this often, in milliseconds. */
const LINE_INTERVAL = 5_000

/** Shows how an import gets on, on standard error: a bar on a terminal, plain lines elsewhere. Stops it at an interrupt. */
export function watchImport(context: CommandContext): ImportWatcher & { end(): void; expect(bytes: number): void } {
  let interrupted = false
  const stopListening = context.onInterrupt(() => {
    if (!interrupted) context.stderr('Finishing the batch at hand; what was imported is kept.')
    interrupted = true
  })
  const display = context.isTerminal ? bar() : lines(context)
  return {
    note: (text) => context.stderr(text),
    isInterrupted: () => interrupted,
    progress: display.progress,
    expect: display.expect,
    end() {
      stopListening()
      display.end()
    },
  }
}

function figures({ files, records, seconds }: Tally) {
  return {
    files: files.read,
    size: formatBytes(files.bytes),
    rate: Math.round(records.read / Math.max(seconds, 0.001)),
    quarantined: records.quarantined,
  }
}

function bar() {
  const shown = new cliProgress.SingleBar(
    {
      format:
        '{bar} {percentage}% | {files} files, {size} | {rate} records/s | {quarantined} set aside | {eta_formatted} left',
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 50,
    },
    cliProgress.Presets.shades_classic,
  )
  let started = false
  let total = 0
  return {
    expect(bytes: number) {
      total = bytes
      if (started) shown.setTotal(Math.max(total, 1))
    },
    progress(tally: Tally) {
      if (!started) shown.start(Math.max(total, tally.files.bytes, 1), 0, figures(tally))
      started = true
      if (tally.files.bytes > total) shown.setTotal(tally.files.bytes)
      shown.update(tally.files.bytes, figures(tally))
    },
    end() {
      if (started) shown.stop()
      started = false
    },
  }
}

function lines(context: CommandContext) {
  let printedAt = performance.now()
  let total = 0
  return {
    expect(bytes: number) {
      total = bytes
    },
    progress(tally: Tally) {
      if (performance.now() - printedAt < LINE_INTERVAL) return
      printedAt = performance.now()
      const { files, size, rate, quarantined } = figures(tally)
      const left = tally.files.bytes === 0 ? 0 : Math.max(0, (total / tally.files.bytes - 1) * tally.seconds)
      context.stderr(
        `${files} files, ${size}, ${rate} records/s, ${quarantined} set aside${total > 0 ? `, about ${Math.ceil(left)} s left` : ''}`,
      )
    },
    end() {},
  }
}
