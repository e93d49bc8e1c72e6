/** Runs programs and measures what each takes: exactly, as their parent is told by the kernel. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { outputOf, projectRoot, SetupError } from '../../scripts/lib.mjs'

/** A program to run. Its environment has the search path and what is given here, so that nothing of a person's leaks in. */
export type Command = {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** What a program took from its start to its end, with all its threads and children. */
export type Cost = { readonly seconds: number; readonly cpuSeconds: number; readonly peakBytes: number }

export type Running = {
  readonly pid: number
  /** Resolves with the first line on stderr that matches; rejects when the program ends before. */
  readonly said: (pattern: RegExp) => Promise<string>
  /** Asks it to end, as Ctrl-C does. */
  readonly interrupt: () => void
  /** Rejects with what it said when it ends with another exit code than 0. */
  readonly ended: Promise<Cost>
}

/** What stays of a talkative program's words. */
const KEPT_CHARACTERS = 4000

let python: string | undefined

/** A Python that has b2sdk: Debian's own comes before one that a person has put in front. Throws a SetupError without. */
export function findPython(): string {
  python ??= ['/usr/bin/python3', 'python3'].find((each) => outputOf(each, ['-c', 'import b2sdk.v2']) !== undefined)
  if (python === undefined) {
    throw new SetupError(
      "The bench measures with Python 3 and Backblaze's library for it. On Debian: apt-get install python3-b2sdk",
    )
  }
  return python
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Ends a program together with this one, whatever this one ends of. */
export function endWithUs(child: ChildProcess): void {
  running.add(child)
  child.once('exit', () => running.delete(child))
}

/** Starts a program. */
export async function start({ program, args, env }: Command): Promise<Running> {
  const child = spawn(findPython(), [join(projectRoot, 'test/bench/measure.py'), program, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  endWithUs(child)
  const [, stdout, stderr, told] = child.stdio as unknown as readonly [null, Readable, Readable, Readable]
  let said = ''
  const keep = (line: string): void => {
    said = `${said}${line}\n`.slice(-KEPT_CHARACTERS)
  }
  createInterface({ input: stdout }).on('line', keep)
  const errors = createInterface({ input: stderr }).on('line', keep)
  const lines = createInterface({ input: told })[Symbol.asyncIterator]()
  const next = async <T>(): Promise<T> => {
    const line = await lines.next()
    if (line.done === true) throw new Error(`${program} could not be measured:\n${said}`)
    return JSON.parse(line.value) as T
  }
  const { pid } = await next<{ pid: number }>()
  // Its exit is over before the last of its words is read.
  const closed = once(child, 'close')
  const ended = next<Cost & { exitCode: number }>().then(async ({ exitCode, ...cost }) => {
    await closed
    if (exitCode !== 0) {
      const last = said.trimEnd().split('\n').at(-1) ?? ''
      throw new Error(`${basename(program)} ended with ${exitCode}: ${last}\n${[program, ...args].join(' ')}\n${said}`)
    }
    return cost
  })
  // Somebody waits for it, but maybe not yet.
  ended.catch(() => {})
  return {
    pid,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        errors.on('line', (line) => {
          if (pattern.test(line)) resolve(line)
        })
        void ended.then(() => {
          reject(new Error(`${program} ended before it said ${String(pattern)}:\n${said}`))
        }, reject)
      }),
    interrupt: () => process.kill(pid, 'SIGINT'),
    ended,
  }
}

/** Runs a program to its end. Throws with what it said when it fails. */
export async function measure(command: Command): Promise<Cost> {
  return (await start(command)).ended
}

/** Processor time of a running process and its threads so far. USER_HZ is 100 on every Linux that Node runs on. */
export function cpuSecondsOf(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) / 100
}
