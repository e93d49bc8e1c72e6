/**
 * `npm run bench [-- NAME...] [--pairs N] [--scale SHARE] [--json FILE]`: Pail beside what people would use instead, on the
 * same files, against the same server, in one run. `cases.ts` has the cases and what is all right.
 * `npm run bench -- emulator`: how much that server takes, see `emulator-speed.ts`.
 * `npm run bench -- scale [FILES] [--json FILE]`: Pail with many files, see `scale.ts`.
 * `npm run bench -- app-start [STARTS]`: how soon tray and window are there, see `app-start.ts`.
 * `npm run bench -- right-click`: how soon a link is in the clipboard, see `right-click.ts`.
 *
 * Every program runs as a process of its own; its start counts, also that of the limit. The kernel counts processor time
 * and memory. After each run the bucket is compared with the folder by SHA-1. Numbers of different runs or machines say
 * nothing about each other.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { cloneCache, isOnPath, runMain, say, SetupError } from '../../scripts/lib.mjs'
import { makeTempFolder } from '../support/desktop-app.ts'
import { measureAppStart } from './app-start.ts'
import { cases, type Case } from './cases.ts'
import type { Result } from './comparison.ts'
import { measureEmulator } from './emulator-speed.ts'
import { isMet } from './figures.ts'
import { findPython } from './measured.ts'
import { measureRightClick } from './right-click.ts'
import { measureScale } from './scale.ts'
import { Stages } from './stages.ts'
import { tableOf } from './table.ts'

/** Fewer are a quick look. */
const LEAST_PAIRS = 3

type Asked = {
  readonly chosen: readonly Case[]
  readonly pairs: number
  readonly scale: number
  readonly json: string
}

type Outcome = Result & { readonly name: string; readonly what: string; readonly failure: string | null }

await runMain(async () => {
  const [first, ...rest] = process.argv.slice(2)
  if (first === 'emulator') return measureEmulator()
  if (first === 'scale') return measureScale(rest)
  if (first === 'app-start') return measureAppStart(rest)
  if (first === 'right-click') return measureRightClick()
  const asked = read(process.argv.slice(2))
  if (!isOnPath('rclone')) {
    throw new SetupError('rclone is not here, which Pail is compared with. On Debian: apt-get install rclone')
  }
  findPython()
  const outcomes = await measureAll(asked)
  print(outcomes, asked)
  const isGood = outcomes.every(({ failure, rows }) => failure === null && rows.every((row) => row.bars.every(isMet)))
  return isGood ? 0 : 1
})

function read(args: readonly string[]): Asked {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      pairs: { type: 'string', default: String(LEAST_PAIRS) },
      scale: { type: 'string', default: '1' },
      json: { type: 'string' },
    },
  })
  const names = ['emulator', 'scale', 'app-start', 'right-click', ...cases.map(({ name }) => name)]
  const unknown = positionals.find((name) => !cases.some((each) => each.name === name))
  if (unknown !== undefined) throw new SetupError(`There is no case "${unknown}". Cases: ${names.join(', ')}.`)
  const [pairs, scale] = [Number(values.pairs), Number(values.scale)]
  if (!Number.isInteger(pairs) || pairs < 1) throw new SetupError('Give a number of pairs, such as --pairs 3.')
  if (!(scale > 0 && scale <= 1)) throw new SetupError('Give a scale above 0 and up to 1, such as --scale 0.1.')
  const fileName = `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.json`
  return {
    chosen: positionals.length === 0 ? cases : cases.filter(({ name }) => positionals.includes(name)),
    pairs,
    scale,
    json: values.json === undefined ? join(cloneCache, 'bench', fileName) : resolve(values.json),
  }
}

/** Measures one case after the other, and writes down what there is after each. */
async function measureAll(asked: Asked): Promise<readonly Outcome[]> {
  const temp = makeTempFolder('bench')
  process.once('exit', temp.remove)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const stages = new Stages(temp.path)
  const tell = (text: string): void => {
    process.stderr.write(`${text}\n`)
  }
  const startedAt = new Date().toISOString()
  const outcomes: Outcome[] = []
  mkdirSync(dirname(asked.json), { recursive: true })
  for (const { name, what, run } of asked.chosen) {
    tell(`\n${name}: ${what}`)
    try {
      outcomes.push({ name, what, failure: null, ...(await run({ ...asked, stages, tell })) })
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error)
      tell(failure)
      outcomes.push({ name, what, failure, rows: [], runs: [] })
    }
    const { pairs, scale } = asked
    const machine = { cores: availableParallelism(), node: process.version }
    writeFileSync(asked.json, `${JSON.stringify({ startedAt, machine, pairs, scale, cases: outcomes }, null, 2)}\n`)
  }
  await stages.close()
  return outcomes
}

function print(outcomes: readonly Outcome[], { pairs, scale, json }: Asked): void {
  const rows = outcomes.flatMap((outcome) => outcome.rows)
  say('')
  for (const { name, what } of outcomes) say(`${name.padEnd(12)}${what}`)
  say(`\nPail / the other; medians of ${pairs} ${pairs === 1 ? 'run' : 'runs'} each.\n`)
  if (rows.length > 0) say(`${tableOf(rows)}\n`)
  for (const { name, failure } of outcomes) if (failure !== null) say(`${name} FAILED: ${failure.split('\n')[0]}`)
  const bars = rows.flatMap((row) => row.bars)
  say(`${bars.filter(isMet).length} of ${bars.length} bars met. Every single run: ${json}`)
  if (pairs < LEAST_PAIRS || scale < 1) say('This was a quick look: the bars are about 3 pairs at full scale.')
}
