/** The command line as a process of its own, as a person or a script runs it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { join, resolve } from 'node:path'
import type { RunSummary } from '../../main/cli/report.ts'
import { cloneCache } from '../../scripts/lib.mjs'

/** Compiled code that all of them share: it halves the processor time of a start. */
const compileCache = join(cloneCache, 'compile-cache')

const entry = resolve(import.meta.dirname, '../../main/cli/pail.mjs')

export type CliOptions = {
  readonly env?: Readonly<Record<string, string>>
  /** Runs it through another program, such as `setpriv`. */
  readonly through?: readonly string[]
}

export type CliRun = {
  readonly process: ChildProcess
  /** What has come so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** 128 and the signal's number where a signal ended it. */
  readonly ended: Promise<CliResult>
}

export type CliResult = {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** What the last line of stdout says, with `--json`. */
  readonly summary: () => RunSummary
}

const SIGNALS: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }

/** Only what is given is in its environment, so that nothing of this machine leaks in. */
export function startCli(args: readonly string[], { env = {}, through = [] }: CliOptions = {}): CliRun {
  const [command = process.execPath, ...rest] = [...through, process.execPath, entry, ...args]
  const child = spawn(command, rest, {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      NO_COLOR: '1',
      NODE_COMPILE_CACHE: compileCache,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<CliResult>((done, fail) => {
    child.once('error', fail)
    child.once('close', (code, signal) => {
      const summary = () => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as RunSummary
      done({ code: code ?? 128 + (SIGNALS[signal ?? ''] ?? 0), stdout, stderr, summary })
    })
  })
  return { process: child, stdout: () => stdout, stderr: () => stderr, ended }
}

export function runCli(args: readonly string[], options?: CliOptions): Promise<CliResult> {
  return startCli(args, options).ended
}
