/**
 * For how long the engine answers nobody while it sends: many small files, middling ones whose SHA-1 it computes on its own
 * thread, and a large one in parts. It runs as the app runs it, watching.
 */
import { join } from 'node:path'
import type { Result } from './comparison.ts'
import { figuresOf, type Bar, type Row } from './figures.ts'
import { PREFIX, type Place } from './programs.ts'
import { startScaleEngine, warmUp } from './scale-process.ts'
import { assertSynced, type Bench } from './stages.ts'
import { bytesIn, scaled, type TreePlan } from './trees.ts'

/** 99 of 100 looks at the event loop find it busy for less. */
const MOST_SECONDS = 0.1

/** Sends one tree after the other, each to an empty bucket. */
export async function measureEventLoop(name: string, trees: readonly TreePlan[], bench: Bench): Promise<Result> {
  const rows: Row[] = []
  await warmUp()
  for (const plan of trees) {
    const tree = scaled(plan, bench.scale)
    const { folder, remove } = await bench.stages.tree(tree)
    try {
      const row = await bench.stages.fresh(folder, 'discard', (place) => send(place, name))
      bench.tell(`${name}: ${tree.files} files, ${Math.round(bytesIn(tree) / 1e6)} MB: ${row.bars[0]?.value ?? NaN} s`)
      rows.push({ ...row, against: tree.name })
    } finally {
      remove()
    }
  }
  return { rows, runs: rows.map(({ against, ours }) => ({ program: `Pail, ${against}`, runs: [ours] })) }
}

async function send(place: Place, name: string): Promise<Omit<Row, 'against'>> {
  const { emulator, folder, state } = place
  const { realm, applicationKeyId, applicationKey, bucketId } = emulator
  const first = { root: folder, bucketId, prefix: `${PREFIX}/` }
  const dataFolder = join(state, 'data')
  const engine = startScaleEngine({ dataFolder, realm, applicationKeyId, applicationKey, first })
  // What it did before is not sending.
  await engine.untilState(({ pendingFiles, checkedAt }) => checkedAt !== null && pendingFiles > 0)
  const before = await engine.measure()
  const startedAt = performance.now()
  engine.resume()
  await engine.untilState(({ status }) => status === 'up-to-date')
  const seconds = (performance.now() - startedAt) / 1000
  const { cpuSeconds, peakMb, p99PauseMs } = await engine.measure()
  await engine.stop()
  const { calls } = await emulator.calls()
  await assertSynced(place)
  const cost = { seconds, cpuSeconds: cpuSeconds - before.cpuSeconds, peakBytes: peakMb * 1e6 }
  const bar: Bar = { what: 'busy, p99', unit: 'seconds', value: p99PauseMs / 1000, most: MOST_SECONDS }
  return { name, ours: figuresOf(cost, calls), theirs: null, bars: [bar] }
}
