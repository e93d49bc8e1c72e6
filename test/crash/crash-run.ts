/** Plays a crash scenario once: prepares, kills the engine at one effect, starts it again, and tells what is wrong. */
import type { EngineApi } from '../../shared/contract/engine-api.ts'
import type { ClientOf } from '../../shared/contract/procedure.ts'
import { ALL_CAPABILITIES } from '../b2-emulator/model.ts'
import { connect } from '../b2-emulator/test-client.ts'
import { sha1Of } from '../support/b2-bench.ts'
import { hasDied, spawnEngineProcess, type EngineEnd, type EngineProcess } from '../support/engine-process.ts'
import { askRclone } from '../support/rclone-judge.ts'
import { callsOf } from '../support/engine-calls.ts'
import { findFaults } from './crash-checks.ts'
import { LEAST_PART_BYTES, type CrashScenario, type Tree } from './crash-scenario.ts'
import { BUCKET, EVERYTHING, openCrashWorld, PREFIX, type CrashWorld, type ExpectedBucket } from './crash-world.ts'

/** What ten parts of the least size hold is copied as one, and is the most that is copied at once. */
const SMALL_SIZES = {
  absoluteMinimumPartSize: LEAST_PART_BYTES,
  recommendedPartSize: LEAST_PART_BYTES,
  maxCopyBytes: 10 * LEAST_PART_BYTES,
}

export type CrashReport = {
  /** Effects of a run that was killed at rest; null when it died before. */
  readonly effects: number | null
  readonly end: EngineEnd
  readonly faults: readonly string[]
}

/**
 * Kills at the effect of this number, or when all is done (`Infinity`). Rejects when the engine does not come to rest
 * afterwards. Where it `isJudged`, rclone has to agree that the bucket holds what the folder holds.
 */
export async function crash(
  scenario: CrashScenario,
  effect: number,
  { isJudged = false }: { readonly isJudged?: boolean } = {},
): Promise<CrashReport> {
  const world = await openCrashWorld({ settings: scenario.settings, sizes: SMALL_SIZES })
  // Loads while everything is prepared.
  const engine = spawnEngineProcess()
  try {
    await prepare(world, scenario)
    const since = callsOf(world.witness).length
    const effects = await runUntilDeath(world, scenario, engine, effect)
    const end = await engine.ended
    world.change((disk) => scenario.meanwhile?.(disk))
    await recover(world, scenario)
    if (effect === Infinity) await startOnceMore(world, scenario)
    if (isJudged) await judge(world, scenario)
    const faults = findFaults(world, {
      hides: scenario.hides ?? [],
      uploads: scenario.uploads ?? [],
      parts: scenario.parts ?? { sent: 0, copied: 0 },
      since,
      leftOut: scenario.leftOut ?? [],
      erased: scenario.erased ?? [],
    })
    return { effects, end, faults }
  } finally {
    await engine.kill()
    await world.close()
  }
}

async function judge({ emulator, home, root }: CrashWorld, scenario: CrashScenario): Promise<void> {
  const except = [...Object.keys(scenario.remains ?? {}), ...(scenario.leftOut ?? [])]
  await askRclone({ account: emulator, scratch: home, root, bucketName: BUCKET, prefix: PREFIX, except })
}

async function prepare(world: CrashWorld, { earlier, files, foreign }: CrashScenario): Promise<void> {
  if (foreign !== undefined) await uploadElsewhere(world, foreign)
  if (files === undefined) return
  const engine = world.createEngine()
  try {
    world.witness.noteStart()
    engine.start()
    const api = engine.api as ClientOf<EngineApi>
    for (const tree of [earlier ?? {}, files]) {
      world.change((disk) => disk.writeAll(tree))
      await world.setUp(api)
      await world.untilSettled(api, EVERYTHING)
    }
  } finally {
    await engine.stop()
  }
}

/** Returns how many effects there were when it could finish; then it is killed at rest. */
async function runUntilDeath(
  world: CrashWorld,
  scenario: CrashScenario,
  engine: EngineProcess,
  effect: number,
): Promise<number | null> {
  const { settings, witness } = world
  try {
    witness.noteStart()
    if (scenario.isRunning) {
      await engine.start(settings)
      await world.untilSettled(engine.api, EVERYTHING)
    }
    engine.dieAt(effect)
    world.emulator.setBandwidth(scenario.bytesPerSecond)
    world.change((disk) => scenario.change?.(disk))
    if (!scenario.isRunning) await engine.start(settings)
    await finish(world, scenario, engine.api)
    // Where nothing had to be done to the bucket, the change may not have been seen.
    await engine.api.checkNow({})
    await world.untilSettled(engine.api, expectedOf(scenario))
    return engine.effects
  } catch (error) {
    if (!hasDied(error)) throw error
    return null
  } finally {
    await engine.kill()
    await world.untilHeard()
  }
}

async function recover(world: CrashWorld, scenario: CrashScenario): Promise<void> {
  const engine = world.createEngine()
  try {
    world.witness.noteStart()
    engine.start()
    await finish(world, scenario, engine.api as ClientOf<EngineApi>)
  } finally {
    await engine.stop()
  }
}

/** With everything in sync, a start changes nothing in the bucket. */
async function startOnceMore(world: CrashWorld, scenario: CrashScenario): Promise<void> {
  const before = JSON.stringify(world.emulator.fileVersions(BUCKET))
  await recover(world, scenario)
  const after = JSON.stringify(world.emulator.fileVersions(BUCKET))
  if (after !== before) throw new Error(`a start with nothing to do wrote something: ${before} ${after}`)
}

/** Asks for what the scenario asks for, and waits for its end. */
async function finish(world: CrashWorld, scenario: CrashScenario, api: ClientOf<EngineApi>): Promise<void> {
  await world.setUp(api)
  await scenario.ask?.(world.person(api))
  await world.untilSettled(api, expectedOf(scenario))
}

function expectedOf({ remains = {}, leftOut = [] }: CrashScenario): ExpectedBucket {
  const hashes = Object.entries(remains).map(([path, content]) => [path, sha1Of(content)])
  return { ...EVERYTHING, remains: Object.fromEntries(hashes) as Record<string, string>, leftOut }
}

/** Puts objects into the bucket as another program does. */
async function uploadElsewhere({ emulator, witness }: CrashWorld, tree: Tree): Promise<void> {
  const key = emulator.createKey({ capabilities: ALL_CAPABILITIES })
  witness.foreignKeyIds.add(key.applicationKeyId)
  const client = await connect(emulator, key)
  for (const [path, content] of Object.entries(tree)) {
    const { json } = await client.upload(BUCKET, `${PREFIX}${path}`, content)
    witness.foreignFileIds.add(String(json?.['fileId']))
  }
}
