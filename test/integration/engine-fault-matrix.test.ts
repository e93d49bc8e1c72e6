/**
 * Every kind of fault at every call that a large file takes when it changes, goes on after a restart, or moves: what arrives
 * is right, exactly once, and no byte is sent that B2 has.
 *
 * `npm test` takes one kind by chance for each of these stories; `npm run test:long` takes them all.
 */
import { randomBytes } from 'node:crypto'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FAULT_KINDS, type FaultKind } from '../b2-emulator/faults.ts'
import { seededRandom } from '../b2-emulator/random.ts'
import { createScenarioClock } from '../support/scenario-clock.ts'
import { BUCKET, openBench, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

const IS_LONG = process.env['PAIL_TEST_LONG'] === '1'
const SEED = Number(process.env['PAIL_TEST_SEED'] ?? Date.now() % 1_000_000)

/** B2's least and recommended size of a part here. Ten of them are copied at once, and that is the largest copy, too. */
const PART = 15_000
const PARTS = 80
const MOST_COPIED = 10 * PART

/** How much faster the engine's waits are; a cap is left alone for a quarter of an hour. */
const SPEED = 50
const SPEED_AT_CAP = 1000

/** Everything is over within this, however busy the machine is; real milliseconds. */
const PATIENCE_MS = 120_000

type Story = {
  readonly name: string
  /** Each meets the fault, the first time it is made. */
  readonly calls: readonly string[]
  /** Everything until the faults: `content` is in the folder, and in the bucket as far as the story wants. */
  readonly prepare: (bench: Bench, content: Buffer) => Promise<void>
  /** What happens then; returns what the file holds. */
  readonly happen: (bench: Bench, content: Buffer) => Promise<Buffer> | Buffer
  /** Its name in the end, and the most of its parts that have to be sent. */
  readonly path: string
  readonly sent: number
  /** What is in the bucket in the end: names with the actions of their versions, the newest first. */
  readonly versions: Readonly<Record<string, readonly string[]>>
}

async function begin(bench: Bench, content: Buffer): Promise<void> {
  bench.write('large', content)
  await bench.connect()
  bench.engine.start()
  await bench.addFolder()
}

async function bringIntoSync(bench: Bench, content: Buffer): Promise<void> {
  await begin(bench, content)
  await bench.untilInSync(bench.root, BUCKET, PATIENCE_MS)
}

async function bringHalf(bench: Bench, content: Buffer): Promise<void> {
  bench.emulator.failNext('upload_part', { kind: 'stall-before', skip: PARTS / 2, count: Infinity })
  await begin(bench, content)
  await waitFor('half of it to be there', () => done(bench, 'upload_part') >= PARTS / 2)
  await stop(bench)
  bench.emulator.clearFaults()
}

const STORIES: readonly Story[] = [
  {
    name: 'a large file that changes',
    calls: [
      'list_unfinished_large_files',
      'start_large_file',
      'get_upload_part_url',
      'upload_part',
      'copy_part',
      'finish_large_file',
    ],
    prepare: bringIntoSync,
    happen: (bench, content) => {
      const changed = Buffer.from(content)
      changed.fill('changed', 33 * PART, 33 * PART + 100)
      bench.write('large', changed)
      return changed
    },
    path: 'large',
    sent: 1,
    versions: { large: ['upload', 'upload'] },
  },
  {
    name: 'a large file that goes on after a restart, without records',
    calls: ['list_unfinished_large_files', 'list_parts', 'get_upload_part_url', 'upload_part', 'finish_large_file'],
    prepare: bringHalf,
    happen: async (bench, content) => {
      rmSync(join(bench.dataFolder, 'pail.db'))
      bench.restartEngine()
      await bench.connect()
      await bench.addFolder()
      return content
    },
    path: 'large',
    sent: PARTS / 2,
    versions: { large: ['upload'] },
  },
  {
    name: 'a file too large for a single copy that moves',
    calls: [
      'copy_file',
      'get_file_info',
      'list_unfinished_large_files',
      'start_large_file',
      'copy_part',
      'finish_large_file',
      'hide_file',
    ],
    prepare: bringIntoSync,
    happen: (bench, content) => {
      renameSync(bench.path('large'), bench.path('moved'))
      return content
    },
    path: 'moved',
    sent: 0,
    versions: { large: ['hide', 'upload'], moved: ['upload'] },
  },
]

/** Calls of an operation that B2 answered with success. */
const done = ({ emulator }: Bench, operation: string): number =>
  emulator.calls.filter((call) => call.operation === operation && call.status === 200 && call.fault !== 'not-json')
    .length

/** Until everything it has asked is over, too. */
async function stop(bench: Bench): Promise<void> {
  await bench.stopEngine()
  await waitFor('the last request to end', () => bench.emulator.inFlight === 0)
}

/** What never answers waits for longer than a test may take: instead of that, Pail is started anew. */
async function restartWhereItStalls(bench: Bench): Promise<void> {
  for (let waiting = bench.emulator.waitingFaults; waiting > 0; waiting = bench.emulator.waitingFaults) {
    await waitFor('a call to meet its fault', () => bench.emulator.waitingFaults < waiting)
    await stop(bench)
    bench.restartEngine()
  }
}

async function play(story: Story, kind: FaultKind): Promise<void> {
  const emulatorOptions = { recommendedPartSize: PART, absoluteMinimumPartSize: PART, maxCopyBytes: MOST_COPIED }
  const clock = createScenarioClock(kind === 'cap' ? SPEED_AT_CAP : SPEED)
  const bench = await openBench({ clock, emulator: emulatorOptions })
  const { emulator } = bench
  try {
    const content = randomBytes(PARTS * PART - 7)
    await story.prepare(bench, content)
    emulator.clearCalls()
    for (const operation of story.calls) emulator.failNext(operation, { kind, bytesPerSecond: 50_000 })
    const wanted = await story.happen(bench, content)
    if (kind.startsWith('stall')) await restartWhereItStalls(bench)
    await bench.untilInSync(bench.root, BUCKET, PATIENCE_MS)
    await stop(bench)

    const met = emulator.calls.filter((call) => call.fault === kind).map(({ operation }) => operation)
    expect(new Set(met)).toEqual(new Set(story.calls))
    expect((await emulator.readFile(BUCKET, story.path)).equals(wanted)).toBe(true)
    const versions = Map.groupBy(emulator.fileVersions(BUCKET), ({ fileName }) => fileName)
    const actions = [...versions].map(([name, all]) => [name, all.map(({ action }) => action)])
    expect(Object.fromEntries(actions)).toEqual(story.versions)
    expect(done(bench, 'upload_part')).toBeLessThanOrEqual(story.sent)
    expect(done(bench, 'upload_file')).toBe(0)
    const order = emulator.calls.map(({ operation }) => operation)
    if (order.includes('hide_file')) {
      expect(order.indexOf('finish_large_file')).toBeLessThan(order.indexOf('hide_file'))
    }
    expect(emulator.violations).toEqual([])
  } finally {
    await bench.close()
  }
}

const random = seededRandom(SEED)

describe.each(STORIES)(`$name (seed ${SEED})`, (story) => {
  const kinds = IS_LONG ? FAULT_KINDS : [FAULT_KINDS[Math.floor(random() * FAULT_KINDS.length)] ?? 'answer']
  it.each(kinds)('arrives once where "%s" happens to each of its calls', (kind) => play(story, kind))
})
