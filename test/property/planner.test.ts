/**
 * The planner on thousands of random trees: what it decides ends, and ends well, whatever happens to both sides and in
 * whatever order things are done. A failure names the seed and the smallest case found: `PAIL_TEST_SEED=N` tries the same
 * cases again.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stampOf } from '../../main/engine/model/entry.ts'
import { openState, type State } from '../../main/engine/state/state.ts'
import type { RelativePath } from '../../shared/ids.ts'
import { seededRandom } from '../b2-emulator/random.ts'
import { ModelEngine } from './model-engine.ts'
import { anyCase, movingCase, take, type Case } from './planner-cases.ts'
import { check } from './planner-oracle.ts'

const IS_LONG = process.env['PAIL_TEST_LONG'] === '1'

/** Cases of each property. */
const RUNS = IS_LONG ? 60_000 : 1500

/** A plan that needs more rounds than this goes in circles: moves take two, each question one more. */
const MAX_ROUNDS = 8

const seed = Number(process.env['PAIL_TEST_SEED'] ?? Date.now() % 2 ** 31)

let folder: string
let state: State

beforeAll(() => {
  // In memory where there is such a place: no case waits for a disk.
  folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'pail-planner-'))
  state = openState(join(folder, 'pail.db'))
  console.info(`planner: PAIL_TEST_SEED=${seed}, ${RUNS} cases of each property`)
})

afterAll(() => {
  state.close()
  rmSync(folder, { recursive: true })
})

/** Plays a case to its end and judges that; `judge` has more to say. */
function play({ start, settings, answers, steps, seed: order }: Case, judge: (engine: ModelEngine) => void): void {
  const engine = new ModelEngine({ state, start, settings, answers, random: seededRandom(order) })
  try {
    for (const each of steps) take(engine, each)
    engine.settle(MAX_ROUNDS)
    for (const path of engine.oracle.paths) checkAtRest(engine, path as RelativePath, settings.policy.kind === 'keep')
    const { effects } = engine.oracle
    expect(engine.settle(MAX_ROUNDS), 'rounds of a second plan').toBe(1)
    expect(engine.oracle.effects, 'what a second plan did').toBe(effects)
    judge(engine)
  } finally {
    engine.close()
  }
}

/** Whether both sides are as they should be for one path, once nothing is left to do. */
function checkAtRest(engine: ModelEngine, path: RelativePath, isKeeping: boolean): void {
  const { disk, bucket, oracle, folderId } = engine
  const seen = disk.stat(path)
  const visible = bucket.visible(path)
  const base = state.base.find(folderId, path)
  const noted = state.local.find(folderId, path)
  if (seen.kind === 'file') {
    if (noted?.kind === 'kept' && noted.stamp === stampOf(seen.fingerprint)) {
      check(oracle.kept.has(path), `keeps what B2 has as ${path}, which nobody asked for`)
    } else if (noted?.kind === 'blocked') {
      check(base !== undefined && noted.code === 'file_emptied', `blocks ${path} for no reason`)
      const isSuspect = disk.read(path) === '' && base.fingerprint.sizeBytes > 0
      check(isSuspect && base.fingerprint.mtimeMs === seen.fingerprint.mtimeMs, `blocks ${path} for no reason`)
      check(visible?.fileId === base.fileId, `changed ${path}, which is suspect`)
    } else if (disk.read(path) === '' && engine.isStillWanted(path)) {
      check(visible?.fileId === base?.fileId, `changed ${path}, whose content is needed for a file that cannot be read`)
    } else {
      check(visible?.content === disk.read(path), `left ${path} as ${JSON.stringify(visible?.content)} in the bucket`)
      check(base?.fileId === visible.fileId, `has no record of ${path}`)
    }
  } else if (disk.isAbsent(path)) {
    if (engine.isStillWanted(path)) return
    check(base === undefined, `still has a record of ${path}, which is gone`)
    const mayStay = isKeeping || oracle.kept.has(path) || oracle.touchedRemotely.has(path)
    const isOurs = visible?.isOurs === true && bucket.versions(path).length > 0
    check(!isOurs || mayStay || !engine.wasAgreed(path), `left ${path} in the bucket, which is gone`)
  } else {
    // A crash may have come between a hide and its record.
    const isInDoubt = base?.fingerprint.ctimeMs === 0 && visible === undefined
    // Or between an upload and its record: B2 is asked what became of it once the file can be read again.
    const hasArrived = visible?.isOurs === true && state.jobs.findForPath(folderId, path)?.isUncertain === true
    const isAsAgreed =
      base === undefined ||
      isInDoubt ||
      hasArrived ||
      oracle.touchedRemotely.has(path) ||
      visible?.fileId === base.fileId
    check(isAsAgreed, `changed ${path} in the bucket, of which nothing is known`)
  }
}

describe('the planner', () => {
  it('ends, with both sides equal, nothing lost, and no loss without evidence, consent or the gate', () => {
    fc.assert(
      fc.property(anyCase, (each) => {
        play(each, () => undefined)
      }),
      { numRuns: RUNS, seed },
    )
  })

  it('sends no byte where content is only moved and copied', () => {
    fc.assert(
      fc.property(movingCase, (each) => {
        play(each, ({ oracle }) => {
          expect(oracle.uploadedBytes).toBe(0)
        })
      }),
      { numRuns: RUNS, seed },
    )
  })
})
