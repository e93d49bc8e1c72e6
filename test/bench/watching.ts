/** What only Pail does: it watches. How soon a new file is in the bucket, and what it costs that nothing happens. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Result } from './comparison.ts'
import type { EmulatorProcess } from './emulator-process.ts'
import { figuresOf, percentile, type Bar, type Figures } from './figures.ts'
import { cpuSecondsOf, start, type Running } from './measured.ts'
import { pail, PREFIX, type Place } from './programs.ts'
import { assertSynced, type Bench } from './stages.ts'
import { short } from './table.ts'
import { scaled, type TreePlan } from './trees.ts'

/** New files, one after the other, with pauses of different lengths between them: nothing may keep step with them. */
const NEW_FILES = 40
const LONGEST_PAUSE_MS = 2000
const NEW_FILE = Buffer.alloc(2000, 'new ')
const MOST_SECONDS = 2.5

/** When a file is not in the bucket by then, something is wrong. */
const GIVE_UP_MS = 60_000
const LOOK_EVERY_MS = 10

/** After the first look there is still something to be put away. */
const QUIET_MS = 10_000
const IDLE_MS = 60_000
const LEAST_IDLE_MS = 5000
const MOST_PERCENT_OF_A_CORE = 0.5

/** From the end of a new file's writing to its being visible in the bucket; the time that 95 of 100 are not over. */
export async function measureWatching(name: string, tree: TreePlan, bench: Bench): Promise<Result> {
  const place = await bench.stages.shared(scaled(tree, bench.scale), 'discard')
  const running = await startWatching(place)
  const seconds: number[] = []
  const files = Math.max(5, Math.round(NEW_FILES * Math.min(1, bench.scale)))
  for (let index = 0; index < files; index += 1) {
    await wait((index * 7919) % LONGEST_PAUSE_MS)
    const path = `folder 0/new file ${index}.bin`
    writeFileSync(join(place.folder, path), Buffer.concat([NEW_FILE, Buffer.from(String(index))]))
    const savedAt = Date.now()
    seconds.push(((await untilVisible(place.emulator, path)) - savedAt) / 1000)
  }
  const { calls } = await place.emulator.calls()
  running.interrupt()
  const figures = figuresOf(await running.ended, calls)
  await assertSynced(place)
  bench.tell(`${name}: ${files} new files, half of them visible after ${short(percentile(seconds, 50))} s`)
  const value = percentile(seconds, 95)
  return resultOf(name, figures, [{ what: '95 of 100 files', unit: 'seconds', value, most: MOST_SECONDS }])
}

/** What it takes that nothing happens. */
export async function measureIdling(name: string, tree: TreePlan, bench: Bench): Promise<Result> {
  const place = await bench.stages.shared(scaled(tree, bench.scale), 'discard')
  const running = await startWatching(place)
  await wait(QUIET_MS)
  await place.emulator.forgetCalls()
  const startedAt = performance.now()
  const before = cpuSecondsOf(running.pid)
  await wait(Math.max(LEAST_IDLE_MS, IDLE_MS * bench.scale))
  const cpuSeconds = cpuSecondsOf(running.pid) - before
  const seconds = (performance.now() - startedAt) / 1000
  const { calls } = await place.emulator.calls()
  running.interrupt()
  const { peakBytes } = await running.ended
  await assertSynced(place)
  const figures = figuresOf({ seconds, cpuSeconds, peakBytes }, calls)
  return resultOf(name, figures, [
    { what: 'of a core', unit: 'percent', value: (100 * cpuSeconds) / seconds, most: MOST_PERCENT_OF_A_CORE },
    { what: 'API calls', unit: 'count', value: figures.calls, most: 0 },
  ])
}

/** Resolves when all is known to be in the bucket. */
async function startWatching(place: Place): Promise<Running> {
  const running = await start(pail.watch(place))
  await running.said(/^Up to date/)
  await place.emulator.forgetCalls()
  return running
}

/** When the file was in the bucket, Unix milliseconds: its upload was answered. */
async function untilVisible(emulator: EmulatorProcess, path: string): Promise<number> {
  const giveUpAt = Date.now() + GIVE_UP_MS
  let since = 0
  while (Date.now() < giveUpAt) {
    const { calls, next } = await emulator.calls(since)
    since = next
    const upload = calls.find((call) => call.fileName === `${PREFIX}/${path}` && call.status === 200)
    if (upload !== undefined) return upload.startedAt + upload.durationMs
    await wait(LOOK_EVERY_MS)
  }
  throw new Error(`${path} is not in the bucket after ${GIVE_UP_MS / 1000} s`)
}

function resultOf(name: string, ours: Figures, bars: readonly Bar[]): Result {
  return { rows: [{ name, against: '', ours, theirs: null, bars }], runs: [{ program: pail.label, runs: [ours] }] }
}
