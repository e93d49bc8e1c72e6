import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { openStateBench } from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { writeFile } from '../../../test/support/test-bench.ts'
import { waitFor } from '../../../test/support/wait-for.ts'
import type { B2Client } from '../b2/client.ts'
import { silentLogger } from '../lib/logger.ts'
import { Lanes } from '../transfer/lanes.ts'
import { DropKeeper } from './drop-keeper.ts'

const place = {
  bucketId: 'b',
  bucketName: 'bucket',
  bucketType: 'allPrivate',
  prefix: '',
  onConflict: 'keep-both',
} as const

it('asks the bucket a moment after it broke something off: what had left may still be on its way', async () => {
  const home = tempFolder()
  const { state } = openStateBench()
  const clock = new FakeClock()
  let isOpen = true
  let asked = 0
  const drops = new DropKeeper({
    dataFolder: join(home, 'data') as AbsolutePath,
    state,
    clock,
    logger: silentLogger,
    // Nothing comes of any attempt before it is broken off.
    client: (signal) => {
      asked += 1
      return new Promise<B2Client>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      })
    },
    lanes: new Lanes({ clock, memory: () => 0 }),
    isOpen: () => isOpen,
    holdAll: () => undefined,
    onMoved: () => undefined,
    onChange: () => undefined,
  })
  drops.start()
  onTestFinished(() => drops.stop())
  writeFile(join(home, 'a'), 'a')
  drops.add([join(home, 'a') as AbsolutePath], place)
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
