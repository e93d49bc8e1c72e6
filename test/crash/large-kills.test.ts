/** `kill -9` again and again while one large file is on its way: what has arrived is not sent a second time. */
import { createHash } from 'node:crypto'
import { closeSync, createReadStream, ftruncateSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../b2-emulator/random.ts'
import { connect } from '../b2-emulator/test-client.ts'
import { spawnEngineProcess, type EngineProcess } from '../support/engine-process.ts'
import { askRclone } from '../support/rclone-judge.ts'
import { waitFor } from '../support/wait-for.ts'
import { findFaults, NO_LOSSES } from './crash-checks.ts'
import { BUCKET, openCrashWorld, PREFIX, type CrashWorld } from './crash-world.ts'

const IS_LONG = process.env['PAIL_TEST_LONG'] === '1'
const SEED = Number(process.env['PAIL_TEST_SEED'] ?? Date.now() % 1_000_000)

/** B2's least size of a part, which is what files of up to a thousand of them are cut into. */
const PART = 5_000_000
const PARTS = IS_LONG ? 1000 : 40
const SIZE = PART * PARTS - 7
/** The SHA-1 at the end of a part that is sent. */
const TRAILER_BYTES = 40
/** What an engine reads besides the file in one life: its records, what B2 answers, for each part. */
const OTHER_BYTES = 8_000_000
const OTHER_BYTES_A_PART = 20_000
const KILLS = IS_LONG ? 20 : 3

describe(`an engine that is killed ${KILLS} times while it sends ${PARTS} parts (seed ${SEED})`, () => {
  it(
    'sends each part until it has arrived, and none after that',
    async () => {
      const world = await openCrashWorld()
      try {
        const random = seededRandom(SEED)
        world.change((disk) => makeSparse(disk.path('large'), random))
        const moments = Array.from({ length: KILLS }, () => Math.floor(random() * PARTS)).sort((a, b) => a - b)
        let left = 0
        for (const moment of moments) {
          const bornAt = world.emulator.calls.length
          const engine = await begin(world)
          await untilArrived(world, moment)
          const readBytes = engine.bytesRead
          const killedAt = Date.now()
          const { output } = await engine.kill()
          expect(output).toBe('')
          await world.untilHeard()
          expectReadOnce(world, bornAt, readBytes)
          left += expectOneLeftByEachStream(world, bornAt, killedAt)
        }
        const bornAt = world.emulator.calls.length
        const engine = await begin(world)
        await waitFor('the file to arrive', async () => {
          const { status } = await world.snapshotOf(engine.api)
          return status.kind === 'up-to-date' && count(world, 'finish_large_file') === 1
        })
        expectReadOnce(world, bornAt, engine.bytesRead)
        await engine.stop()
        expectNothingTwice(world, left)
        expect(findFaults(world, { ...NO_LOSSES, parts: { sent: PARTS, copied: 0 } })).toEqual([])
        expect(await sha1InBucket(world)).toBe(await sha1OnDisk(world))
        if (IS_LONG) {
          const { emulator: account, home: scratch, root } = world
          await askRclone({ account, scratch, root, bucketName: BUCKET, prefix: PREFIX })
        }
      } finally {
        await world.close()
      }
    },
    IS_LONG ? 1_200_000 : 120_000,
  )
})

/** Mostly holes, with something at places of its own in each part: no part is like another. */
function makeSparse(path: string, random: () => number): void {
  const file = openSync(path, 'w')
  ftruncateSync(file, SIZE)
  for (let part = 0; part < PARTS; part += 1) {
    writeSync(file, `part ${part}`, part * PART + Math.floor(random() * (PART - 100)))
  }
  closeSync(file)
}

async function begin(world: CrashWorld): Promise<EngineProcess> {
  const engine = spawnEngineProcess()
  world.witness.noteStart()
  // The waits of the network are those of the wall.
  await engine.start({ ...world.settings, clock: { speed: 1, startedAt: Date.now() } })
  await world.setUp(engine.api)
  return engine
}

async function untilArrived(world: CrashWorld, parts: number): Promise<void> {
  await waitFor(`${parts} parts to arrive`, () => count(world, 'upload_part') >= parts)
}

const calls = ({ emulator }: CrashWorld, operation: string, since = 0) =>
  emulator.calls.slice(since).filter((call) => call.operation === operation)
const isDone = ({ status }: { readonly status: number }) => status === 200
const count = (world: CrashWorld, operation: string, since = 0): number =>
  calls(world, operation, since).filter(isDone).length

/**
 * In the life whose calls begin at `bornAt` only what was on its way when it was killed has to be sent again; how many
 * parts these are.
 */
function expectOneLeftByEachStream(world: CrashWorld, bornAt: number, killedAt: number): number {
  const left = calls(world, 'upload_part', bornAt).filter((call) => !isDone(call))
  // Both numbers are whole milliseconds.
  const ended = left.filter(({ startedAt, durationMs }) => startedAt + durationMs < killedAt - 2)
  expect(ended).toEqual([])
  // A stream sends to an upload URL of its own, one part after the other.
  expect(left.length).toBeLessThanOrEqual(count(world, 'get_upload_part_url', bornAt))
  return left.length
}

/**
 * In the life whose calls begin at `bornAt` nothing was read but the parts that it sent, unless it began the file: the
 * first one has to hash it, which two threads do.
 */
function expectReadOnce(world: CrashWorld, bornAt: number, readBytes: number | null): void {
  const hasHashed = count(world, 'start_large_file') === 0 || count(world, 'start_large_file', bornAt) > 0
  if (hasHashed || readBytes === null) return
  const parts = calls(world, 'upload_part', bornAt).length
  expect(readBytes).toBeLessThanOrEqual(parts * (PART + OTHER_BYTES_A_PART) + OTHER_BYTES)
}

/** `left`: parts that were on their way at the kills. */
function expectNothingTwice(world: CrashWorld, left: number): void {
  const { emulator } = world
  expect([count(world, 'start_large_file'), count(world, 'upload_part')]).toEqual([1, PARTS])
  const received = calls(world, 'upload_part').reduce((sum, { bytesReceived }) => sum + bytesReceived, 0)
  expect(received).toBeLessThanOrEqual(SIZE + left * PART + (PARTS + left) * TRAILER_BYTES)
  expect(emulator.unfinishedLargeFiles(BUCKET)).toEqual([])
  expect(emulator.violations).toEqual([])
}

async function sha1InBucket({ emulator }: CrashWorld): Promise<string> {
  const { token } = await connect(emulator)
  const url = `${emulator.realm}/file/${BUCKET}/${PREFIX}large`
  const answer = await fetch(url, { headers: { authorization: token } })
  const hash = createHash('sha1')
  for await (const chunk of answer.body ?? []) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}

async function sha1OnDisk({ root }: CrashWorld): Promise<string> {
  const hash = createHash('sha1')
  for await (const chunk of createReadStream(join(root, 'large'))) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
