/**
 * How Pail does with many files: the first look at a folder, the first sync, a start where nothing has changed, and what
 * one changed file and one deleted file cost, on trees of three sizes; see the bars below. With `--written`, and always for
 * very many files, the first sync is written down instead of made. The bucket is empty then, so no file is deleted: before
 * it hides anything Pail looks at the bucket, and would send everything.
 *
 * The engine runs as the app runs it, the emulator beside it. Times on a machine that does something else meanwhile are
 * upper bounds; processor time and memory are not much worse for it.
 */
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { say, SetupError } from '../../scripts/lib.mjs'
import { makeTempFolder } from '../support/desktop-app.ts'
import { startEmulatorProcess, type EmulatorProcess } from './emulator-process.ts'
import { startScaleEngine, warmUp, type Measure, type ScaleEngine } from './scale-process.ts'
import { writeDownAsSent } from './scale-seed.ts'

const DEFAULT_FILES = 100_000

/** Above this only the one size is measured, beside a small one, and nothing is sent before the changes. */
const MANY_FILES = 200_000
const FEW_FILES = 10_000

const FILES_PER_FOLDER = 100

/** Changes, and deletions, made one after the other, of which the middle one counts. */
const CHANGES = 7

const BUCKET = 'bench-scale'
const PREFIX = 'files/'

/** The most that is all right, for trees of up to `files` files. */
const BARS = [
  { files: 100_000, coldSeconds: 10, warmSeconds: 4, peakMb: 250 },
  { files: 1_000_000, coldSeconds: Infinity, warmSeconds: Infinity, peakMb: 500 },
]

/** 99 % of the time the engine answers within this while it sends, ms. */
const PAUSE_MS = 100

/** The time of one change may be so much larger among 100 times as many files: chance, and deeper indexes. */
const CHANGE_GROWTH = 1.5

/** And the pages of the database it touches: each index is a level deeper, which is seen where nothing else is read. */
const PAGES_GROWTH = 2

/** What a deletion may take on top for each directory, which is looked at once, ms; some 0.02 are usual. */
const DIRECTORY_MS = 0.03

type Phase = Measure & { readonly seconds: number }

/** `ioKb`: what was read and written, the database's pages included. */
type Change = { readonly seconds: number; readonly cpuMs: number; readonly ioKb: number }

/** What was measured for one size. `calls` are those of a start with nothing to do, authorizing left out. */
export type ScaleResult = {
  readonly files: number
  readonly cold: Phase
  /** Null where it was written down instead. */
  readonly firstSync: Phase | null
  readonly warm: Phase & { readonly calls: readonly string[] }
  /** The middle one of all; `calls` of the last. */
  readonly change: Costs & Pick<Measure, 'peakMb'>
  /** Null where the first sync was written down. */
  readonly deletion: Costs | null
}

type Costs = Change & { readonly calls: readonly string[] }

type Place = {
  readonly files: number
  readonly isWritten: boolean
  readonly root: string
  readonly dataFolder: string
  readonly emulator: EmulatorProcess
}

/** `npm run bench -- scale [FILES] [--written] [--json FILE]`; answers 1 when something is over its bar. */
export async function measureScale(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'string' }, written: { type: 'boolean', default: false } },
  })
  const files = Number(positionals[0] ?? DEFAULT_FILES)
  if (!Number.isInteger(files) || files < 1000) throw new SetupError('Give the number of files, at least 1000.')
  const sizes = files > MANY_FILES ? [FEW_FILES, files] : [files / 100, files / 10, files].map(Math.round)
  const isWritten = values.written || files > MANY_FILES
  const results: ScaleResult[] = []
  await warmUp()
  for (const size of sizes) {
    results.push(await measureSize(size, isWritten))
    printResult(results.at(-1) as ScaleResult)
  }
  const verdicts = judge(results)
  say('')
  for (const { what, value, bar, isMet } of verdicts) {
    say(`  ${what.padEnd(52)}${value.padStart(12)}${bar.padStart(14)}   ${isMet ? 'yes' : 'NO'}`)
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ results, verdicts }, null, 2)}\n`)
  return verdicts.every(({ isMet }) => isMet) ? 0 : 1
}

async function measureSize(files: number, isWritten: boolean): Promise<ScaleResult> {
  const temp = makeTempFolder('bench-scale')
  const emulator = await startEmulatorProcess(BUCKET)
  try {
    const root = join(temp.path, 'files')
    makeTree(root, files)
    const place = { files, isWritten, root, dataFolder: join(temp.path, 'data'), emulator }
    return { files, ...(await measureFirstRun(place)), ...(await measureSecondRun(place)) }
  } finally {
    await emulator.stop()
    temp.remove()
  }
}

/** Files of 1 to 100 bytes, each with a content of its own, a hundred to a folder. */
function makeTree(root: string, files: number): void {
  for (let index = 0; index < files; index += 1) {
    const path = join(root, pathOf(index))
    if (index % FILES_PER_FOLDER === 0) mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${index} ${'x'.repeat(index % 90)}`)
  }
}

function pathOf(index: number): string {
  const folder = Math.floor(index / FILES_PER_FOLDER)
  return join(`year ${Math.floor(folder / 100)}`, `album ${folder}`, `file ${index}.txt`)
}

/** From nothing to everything sent. */
async function measureFirstRun(place: Place): Promise<Pick<ScaleResult, 'cold' | 'firstSync'>> {
  const { root, emulator } = place
  const engine = begin(place, { root, bucketId: emulator.bucketId, prefix: PREFIX })
  // The last files may have been made so lately that the first look leaves them for a moment.
  const { at: plannedAt } = await engine.untilState(
    (state) => state.checkedAt !== null && state.pendingFiles === place.files,
  )
  const planned = await engine.measure()
  const cold = { ...planned, seconds: (plannedAt - engine.startedAt) / 1000 }
  if (place.isWritten) {
    await engine.stop()
    writeDownAsSent(place.dataFolder, root, place.files, pathOf)
    return { cold, firstSync: null }
  }
  engine.resume()
  const { at: sentAt } = await engine.untilState(({ status }) => status === 'up-to-date')
  const sent = await engine.measure()
  await engine.stop()
  return {
    cold,
    firstSync: {
      ...sent,
      cpuSeconds: sent.cpuSeconds - planned.cpuSeconds,
      seconds: (sentAt - plannedAt) / 1000,
    },
  }
}

/** A start with nothing to do, and one change after the other, then one deletion after the other. */
async function measureSecondRun(place: Place): Promise<Pick<ScaleResult, 'warm' | 'change' | 'deletion'>> {
  const { emulator } = place
  await emulator.forgetCalls()
  const engine = begin(place, null)
  const { at } = await engine.untilState(({ status }) => status === 'up-to-date')
  const warm = await engine.measure()
  const calls = await callsTo(emulator)
  const change = await measureChanges(place, engine, (path) => appendFileSync(path, 'changed'))
  const deletion = place.isWritten ? null : await measureChanges(place, engine, (path) => rmSync(path))
  const { peakMb } = await engine.measure()
  await engine.stop()
  return {
    warm: { ...warm, seconds: (at - engine.startedAt) / 1000, calls },
    change: { ...change, peakMb },
    deletion,
  }
}

/** The middle one of some changes, with the calls of the last. */
async function measureChanges(place: Place, engine: ScaleEngine, apply: (path: string) => void): Promise<Costs> {
  const changes: Change[] = []
  for (let number = 0; number < CHANGES; number += 1) {
    await place.emulator.forgetCalls()
    changes.push(await measureChange(place, engine, number, apply))
  }
  return {
    seconds: middleOf(changes.map(({ seconds }) => seconds)),
    cpuMs: middleOf(changes.map(({ cpuMs }) => cpuMs)),
    ioKb: middleOf(changes.map(({ ioKb }) => ioKb)),
    calls: await callsTo(place.emulator),
  }
}

async function callsTo(emulator: EmulatorProcess): Promise<readonly string[]> {
  const { calls } = await emulator.calls()
  return calls.map(({ operation }) => operation).filter((each) => each !== 'authorize_account')
}

/** From a changed file to its upload or hide, and the processor time until all is quiet again. */
async function measureChange(
  { root, files }: Place,
  engine: ScaleEngine,
  number: number,
  apply: (path: string) => void,
): Promise<Change> {
  const path = pathOf(Math.floor((number * files) / CHANGES))
  const before = await engine.measure()
  const sent = engine.untilFinished(path)
  const changedAt = Date.now()
  apply(join(root, path))
  const { at } = await sent
  await engine.untilState((state) => state.at > at && state.status === 'up-to-date')
  const after = await engine.measure()
  return {
    seconds: (at - changedAt) / 1000,
    cpuMs: (after.cpuSeconds - before.cpuSeconds) * 1000,
    ioKb: (after.ioBytes - before.ioBytes) / 1000,
  }
}

function begin({ dataFolder, emulator }: Place, first: Parameters<typeof startScaleEngine>[0]['first']): ScaleEngine {
  const { realm, applicationKeyId, applicationKey } = emulator
  return startScaleEngine({ dataFolder, realm, applicationKeyId, applicationKey, first })
}

function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

function printResult({ files, cold, firstSync, warm, change, deletion }: ScaleResult): void {
  const line = (what: string, { seconds, cpuSeconds, peakMb, longestPauseMs, p99PauseMs, handles }: Phase): string =>
    `  ${what.padEnd(26)}${seconds.toFixed(2).padStart(9)} s${cpuSeconds.toFixed(2).padStart(9)} CPU-s` +
    `${peakMb.toFixed(0).padStart(6)} MB${longestPauseMs.toFixed(0).padStart(7)} ms busy (p99 ${p99PauseMs.toFixed(0)})${String(handles).padStart(8)} handles`
  say(`${files} files in ${Math.ceil(files / FILES_PER_FOLDER)} folders`)
  say(line('first look, cold', cold))
  if (firstSync === null) say('  first sync: written down instead of made')
  else say(line(`first sync, ${(files / firstSync.seconds).toFixed(0)} files/s`, firstSync))
  say(line('start, nothing to do', warm))
  const costs = ({ seconds, cpuMs, ioKb, calls }: Costs): string =>
    `${seconds.toFixed(2)} s, ${cpuMs.toFixed(1)} ms of processor time, ${ioKb.toFixed(0)} kB read and written, ` +
    `${calls.length} API calls`
  say(`  one change: sent after ${costs(change)}`)
  if (deletion !== null) say(`  one deletion: hidden after ${costs(deletion)}`)
}

type Verdict = { readonly what: string; readonly value: string; readonly bar: string; readonly isMet: boolean }

function judge(results: readonly ScaleResult[]): readonly Verdict[] {
  const largest = results.at(-1)
  const smallest = results[0]
  if (largest === undefined || smallest === undefined) return []
  const { cold, firstSync, warm, change, deletion, files } = largest
  const bars = BARS.find((each) => files <= each.files) ?? BARS.at(-1)
  const verdict = (what: string, value: number, bar: number, unit: string, digits = 2): Verdict => ({
    what,
    value: `${value.toFixed(digits)} ${unit}`,
    bar: Number.isFinite(bar) ? `<= ${bar.toFixed(digits)} ${unit}` : '-',
    isMet: value <= bar,
  })
  const growing = (what: string, value: number, before: number, unit: string, growth = CHANGE_GROWTH): Verdict =>
    verdict(`${what}, ${files} files`, value, before * growth, unit)
  return [
    verdict(`first look, cold, ${files} files`, cold.seconds, bars?.coldSeconds ?? Infinity, 's'),
    verdict('start, nothing to do', warm.seconds, bars?.warmSeconds ?? Infinity, 's'),
    verdict('calls of a start, nothing to do', warm.calls.length, 0, 'calls', 0),
    verdict('peak memory, first look', cold.peakMb, bars?.peakMb ?? Infinity, 'MB', 0),
    ...(firstSync === null
      ? []
      : [
          verdict('peak memory, first sync', firstSync.peakMb, bars?.peakMb ?? Infinity, 'MB', 0),
          verdict('event loop busy, first sync, p99', firstSync.p99PauseMs, PAUSE_MS, 'ms', 0),
        ]),
    verdict('peak memory, start and changes', change.peakMb, bars?.peakMb ?? Infinity, 'MB', 0),
    ...(smallest === largest
      ? []
      : [
          growing('one change, until it is sent', change.seconds, smallest.change.seconds, 's'),
          growing('one change, processor time', change.cpuMs, smallest.change.cpuMs, 'ms'),
          growing('one change, read and written', change.ioKb, smallest.change.ioKb, 'kB', PAGES_GROWTH),
          verdict('one change, API calls', change.calls.length, smallest.change.calls.length, 'calls', 0),
        ]),
    ...(smallest === largest || deletion === null || smallest.deletion === null
      ? []
      : [
          growing('one deletion, until it is hidden', deletion.seconds, smallest.deletion.seconds, 's'),
          verdict(
            `one deletion, processor time, ${files} files`,
            deletion.cpuMs,
            smallest.deletion.cpuMs * CHANGE_GROWTH + (files / FILES_PER_FOLDER) * DIRECTORY_MS,
            'ms',
          ),
          growing('one deletion, read and written', deletion.ioKb, smallest.deletion.ioKb, 'kB', PAGES_GROWTH),
          verdict('one deletion, API calls', deletion.calls.length, smallest.deletion.calls.length, 'calls', 0),
        ]),
  ]
}
