/** `kill -9` at moments that nobody chose, again and again, while the folder changes without a rest. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { EngineApi } from '../../shared/contract/engine-api.ts'
import type { ClientOf } from '../../shared/contract/procedure.ts'
import { seededRandom } from '../b2-emulator/random.ts'
import { hasDied, spawnEngineProcess, type EngineProcess } from '../support/engine-process.ts'
import { askRclone } from '../support/rclone-judge.ts'
import { Churn } from './churn.ts'
import { findFaults, NO_LOSSES } from './crash-checks.ts'
import { BUCKET, EVERYTHING, openCrashWorld, PREFIX, type CrashWorld } from './crash-world.ts'

const IS_LONG = process.env['PAIL_TEST_LONG'] === '1'
const SEED = Number(process.env['PAIL_TEST_SEED'] ?? Date.now() % 1_000_000)
const ROUNDS = IS_LONG ? 100 : 10

/** An engine lives this long at most, milliseconds; half of it on average. */
const MAX_LIFE_MS = 1500

/** How often it is asked for what it says, milliseconds. */
const LOOK_MS = 30

describe(`an engine that is killed ${ROUNDS} times while its folder changes (seed ${SEED})`, () => {
  it(
    'brings everything into the bucket in the end, and nothing twice',
    async () => {
      const world = await openCrashWorld({ settings: { deleteDelaySeconds: 2, gateFiles: 100_000 } })
      try {
        const random = seededRandom(SEED)
        const churn = new Churn(world.root, join(world.home, 'outside'), random, world.witness)
        const stopChurn = new AbortController()
        const churning = churn.run(stopChurn.signal)
        await killAgainAndAgain(world, random).finally(async () => {
          stopChurn.abort()
          await churning
        })
        await comeToRest(world)
        expect(findFaults(world, { ...NO_LOSSES, hides: 'any' })).toEqual([])
      } finally {
        await world.close()
      }
    },
    IS_LONG ? 900_000 : 120_000,
  )
})

async function killAgainAndAgain(world: CrashWorld, random: () => number): Promise<void> {
  // The next one loads while this one lives.
  let next = spawnEngineProcess()
  for (let round = 0; round < ROUNDS; round += 1) {
    const engine = next
    next = spawnEngineProcess()
    world.witness.noteStart()
    await engine.start(world.settings)
    const watching = watchUntilKilled(world, engine)
    await pause(random() * MAX_LIFE_MS)
    const { signal, output } = await engine.kill()
    expect(output, `round ${round}`).toBe('')
    expect(signal).toBe('SIGKILL')
    await watching
    await world.untilHeard()
  }
  await next.kill()
}

/** What it says meanwhile has to be so. */
async function watchUntilKilled(world: CrashWorld, engine: EngineProcess): Promise<void> {
  try {
    await world.setUp(engine.api)
    for (;;) {
      await world.snapshotOf(engine.api)
      await pause(LOOK_MS)
    }
  } catch (error) {
    if (!hasDied(error)) throw error
  }
}

async function comeToRest(world: CrashWorld): Promise<void> {
  const { emulator, home, root, witness } = world
  const engine = world.createEngine()
  try {
    witness.noteStart()
    engine.start()
    const api = engine.api as ClientOf<EngineApi>
    await world.setUp(api)
    await world.untilSettled(api, EVERYTHING)
  } finally {
    await engine.stop()
  }
  if (IS_LONG) await askRclone({ account: emulator, scratch: home, root, bucketName: BUCKET, prefix: PREFIX })
}
