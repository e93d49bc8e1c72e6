import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { openStateBench } from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { writeFile } from '../../../test/support/test-bench.ts'
import { waitFor } from '../../../test/support/wait-for.ts'
import type { B2Client } from '../b2/client.ts'
import { silentLogger } from '../lib/logger.ts'
import type { State } from '../state/state.ts'
import { Lanes } from '../transfer/lanes.ts'
import { DropKeeper } from './drop-keeper.ts'

const place = {
  bucketId: 'b',
  bucketName: 'bucket',
  bucketType: 'allPrivate',
  prefix: '',
  onConflict: 'keep-both',
} as const

/** A keeper with one file, whose attempts end as `client` does. */
function keepOne(
  state: State,
  clock: FakeClock,
  client: (signal: AbortSignal) => Promise<B2Client>,
  isOpen = () => true,
) {
  const home = tempFolder()
  const drops = new DropKeeper({
    dataFolder: join(home, 'data') as AbsolutePath,
    state,
    clock,
    logger: silentLogger,
    client,
    lanes: new Lanes({ clock, memory: () => 0 }),
    isOpen,
    holdAll: () => undefined,
    onMoved: () => undefined,
    onChange: () => undefined,
  })
  drops.start()
  onTestFinished(() => drops.stop())
  writeFile(join(home, 'a'), 'a')
  drops.add([join(home, 'a') as AbsolutePath], place)
  return drops
}

it('asks the bucket a moment after it broke something off: what had left may still be on its way', async () => {
  const { state } = openStateBench()
  const clock = new FakeClock()
  let isOpen = true
  let asked = 0
  // Nothing comes of any attempt before it is broken off.
  const client = (signal: AbortSignal): Promise<B2Client> => {
    asked += 1
    return new Promise<B2Client>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error))
    })
  }
  const drops = keepOne(state, clock, client, () => isOpen)
  await waitFor('it to run', () => asked === 1)
  for (const next of [false, true]) {
    isOpen = next
    drops.checkOpen()
    await waitFor('it to be broken off, and to run again', () => (drops.running.size === 1) === next)
  }
  clock.advance(499)
  await new Promise(setImmediate)
  expect(asked).toBe(1)
  clock.advance(1)
  await waitFor('it to be asked about', () => asked === 2)
})

it('tries again what becomes due at the very moment it looks for what is due', async () => {
  const { state } = openStateBench()
  const clock = new FakeClock()
  let asked = 0
  const fails = (): Promise<B2Client> => {
    asked += 1
    return Promise.reject(new EngineError('b2_service_error', 'not now'))
  }
  const { listDue } = state.drops
  const look = vi.spyOn(state.drops, 'listDue').mockImplementation((now, limit) => {
    const due = listDue(now, limit)
    const nextAt = state.drops.nextDueAt(now)
    // Time does not stand still while the records are read.
    if (asked === 1 && nextAt !== null) clock.advance(nextAt - now)
    return due
  })
  onTestFinished(() => look.mockRestore())
  keepOne(state, clock, fails)
  await waitFor('it to be tried again', () => {
    // Ends the waits that are over.
    clock.advance(0)
    return asked === 2
  })
})
