/** How soon a large file goes on when Pail was killed in its middle, and how much of it is sent again. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Result } from './comparison.ts'
import type { EmulatorProcess } from './emulator-process.ts'
import { figuresOf, type Bar } from './figures.ts'
import { start } from './measured.ts'
import { pail } from './programs.ts'
import { assertSynced, WAN, type Bench } from './stages.ts'
import { bytesIn, scaled, type TreePlan } from './trees.ts'

/** From the start of the program, its own start included, to the first part. */
const MOST_SECONDS = 2

const LOOK_EVERY_MS = 20

/** Killed when half of it is there. */
export async function measureResuming(name: string, plan: TreePlan, bench: Bench): Promise<Result> {
  const tree = scaled(plan, bench.scale)
  const { folder, remove } = await bench.stages.tree(tree)
  try {
    return await bench.stages.fresh(folder, 'discard', async (place) => {
      const { emulator } = place
      await emulator.setLine(WAN)
      const first = await start(pail.sync(place))
      await untilSent(emulator, bytesIn(tree) / 2)
      process.kill(first.pid, 'SIGKILL')
      await first.ended.catch(() => undefined)
      const firstSent = figuresOf({ seconds: 0, cpuSeconds: 0, peakBytes: 0 }, (await emulator.calls()).calls).sentBytes
      await emulator.forgetCalls()
      const startedAt = Date.now()
      const second = await start(pail.sync(place))
      const cost = await second.ended
      const { calls } = await emulator.calls()
      await assertSynced(place)
      // What the killed one had sent may be heard late.
      const parts = calls.filter((call) => call.operation === 'upload_part' && call.startedAt >= startedAt)
      const firstPartAt = Math.min(...parts.map((call) => call.startedAt))
      const ours = figuresOf(cost, calls)
      const again = (100 * (firstSent + ours.sentBytes - bytesIn(tree))) / bytesIn(tree)
      bench.tell(`${name}: ${again.toFixed(1)} % were on their way when it was killed, and were sent again`)
      const value = (firstPartAt - startedAt) / 1000
      const bars: readonly Bar[] = [{ what: 'until the first part', unit: 'seconds', value, most: MOST_SECONDS }]
      return { rows: [{ name, against: '', ours, theirs: null, bars }], runs: [{ program: pail.label, runs: [ours] }] }
    })
  } finally {
    remove()
  }
}

/** Resolves when parts with so many bytes have arrived. */
async function untilSent(emulator: EmulatorProcess, bytes: number): Promise<void> {
  let since = 0
  let sent = 0
  while (sent < bytes) {
    const { calls, next } = await emulator.calls(since)
    since = next
    for (const { operation, status, bytesReceived } of calls) {
      if (operation === 'upload_part' && status === 200) sent += bytesReceived
    }
    await wait(LOOK_EVERY_MS)
  }
}
