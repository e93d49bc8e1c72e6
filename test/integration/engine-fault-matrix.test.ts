/**
 * Every kind of fault at every call that a large file takes when it changes, goes on after a restart, or moves, and that
 * many small ones take when they move: what arrives is right, exactly once, and no byte is sent that B2 has.
 *
 * `npm test` takes one kind by chance for each of these stories; `npm run test:long` takes them all.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FAULT_KINDS, type FaultKind } from '../b2-emulator/faults.ts'
import { seededRandom } from '../b2-emulator/random.ts'
import { askRclone } from '../support/rclone-judge.ts'
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

/** Small files, in some directories. */
const SMALL_FILES = 30

/** Path to content. */
type Files = Readonly<Record<string, Buffer>>

type Story = {
  readonly name: string
  /** Each meets the fault, the first time it is made. */
  readonly calls: readonly string[]
  /** What the folder holds. */
  readonly makeFiles: () => Files
  /** Everything until the faults: the files are in the folder, and in the bucket as far as the story wants. */
  readonly prepare: (bench: Bench, files: Files) => Promise<void>
  /** What happens then; returns what the folder holds in the end. */
  readonly happen: (bench: Bench, files: Files) => Promise<Files> | Files
  /** The most parts that have to be sent. */
  readonly sent: number
  /** What is in the bucket in the end: names with the actions of their versions, the newest first. */
  readonly versions: Readonly<Record<string, readonly string[]>>
}

const oneLarge = (): Files => ({ large: randomBytes(PARTS * PART - 7) })

const smallName = (i: number): string => `dir/${i % 3}/small-${i}`

const manySmall = (): Files =>
  Object.fromEntries(Array.from({ length: SMALL_FILES }, (_, i) => [smallName(i), randomBytes(100 + i)]))

/** Small files with other names. */
const renamed = (files: Files, rename: (path: string) => string): Files =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [rename(path), content]))

/** What the bucket holds when small files have moved. */
const movedVersions = (rename: (path: string) => string): Story['versions'] =>
  Object.fromEntries(
    Array.from({ length: SMALL_FILES }, (_, i) => smallName(i)).flatMap((path) => [
      [path, ['hide', 'upload']],
      [rename(path), ['upload']],
    ]),
  )

const withNewName = (path: string): string => `${path}-renamed`
const inNewFolder = (path: string): string => `elsewhere/${path}`

async function begin(bench: Bench, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) bench.write(path, content)
  await bench.connect()
  bench.engine.start()
  await bench.addFolder()
}

async function bringIntoSync(bench: Bench, files: Files): Promise<void> {
  await begin(bench, files)
  await bench.untilInSync(bench.root, BUCKET)
}

async function bringHalf(bench: Bench, files: Files): Promise<void> {
  bench.emulator.failNext('upload_part', { kind: 'stall-before', skip: PARTS / 2, count: Infinity })
  await begin(bench, files)
  await waitFor('half of it to be there', () => done(bench, 'upload_part') >= PARTS / 2)
  await bench.stopEngine()
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
    makeFiles: oneLarge,
    prepare: bringIntoSync,
    happen: (bench, { large: content = Buffer.of() }) => {
      const changed = Buffer.from(content)
      changed.fill('changed', 33 * PART, 33 * PART + 100)
      bench.write('large', changed)
      return { large: changed }
    },
    sent: 1,
    versions: { large: ['upload', 'upload'] },
  },
  {
    name: 'a large file, resumed by its records',
    calls: ['list_parts', 'get_upload_part_url', 'upload_part', 'finish_large_file'],
    makeFiles: oneLarge,
    prepare: bringHalf,
    happen: (bench, files) => {
      bench.restartEngine()
      return files
    },
    sent: PARTS / 2,
    versions: { large: ['upload'] },
  },
  {
    name: 'a large file that goes on after a restart, without records',
    calls: ['list_unfinished_large_files', 'list_parts', 'get_upload_part_url', 'upload_part', 'finish_large_file'],
    makeFiles: oneLarge,
    prepare: bringHalf,
    happen: async (bench, files) => {
      rmSync(join(bench.dataFolder, 'pail.db'))
      bench.restartEngine()
      await bench.connect()
      await bench.addFolder()
      return files
    },
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
    makeFiles: oneLarge,
    prepare: bringIntoSync,
    happen: (bench, { large: content = Buffer.of() }) => {
      bench.change(() => renameSync(bench.path('large'), bench.path('moved')))
      return { moved: content }
    },
    sent: 0,
    versions: { large: ['hide', 'upload'], moved: ['upload'] },
  },
  {
    name: 'many small files that get new names',
    calls: ['copy_file', 'hide_file'],
    makeFiles: manySmall,
    prepare: bringIntoSync,
    happen: (bench, files) => {
      bench.change(() => {
        for (const path of Object.keys(files)) renameSync(bench.path(path), bench.path(withNewName(path)))
      })
      return renamed(files, withNewName)
    },
    sent: 0,
    versions: movedVersions(withNewName),
  },
  {
    name: 'a folder of small files that moves',
    calls: ['copy_file', 'hide_file'],
    makeFiles: manySmall,
    prepare: bringIntoSync,
    happen: (bench, files) => {
      bench.change(() => {
        mkdirSync(bench.path('elsewhere'))
        renameSync(bench.path('dir'), bench.path('elsewhere/dir'))
      })
      return renamed(files, inNewFolder)
    },
    sent: 0,
    versions: movedVersions(inNewFolder),
  },
]

/** Calls of an operation that B2 answered with success. */
const done = ({ emulator }: Bench, operation: string): number =>
  emulator.calls.filter((call) => call.operation === operation && call.status === 200 && call.fault !== 'not-json')
    .length

/** What never answers waits for longer than a test may take: instead of that, Pail is started anew. */
async function restartWhereItStalls(bench: Bench): Promise<void> {
  for (let waiting = bench.emulator.waitingFaults; waiting > 0; waiting = bench.emulator.waitingFaults) {
    await waitFor('a call to meet its fault', () => bench.emulator.waitingFaults < waiting)
    await bench.stopEngine()
    bench.restartEngine()
  }
}

/** In the long form somebody else finds folder and bucket equal. */
async function judge({ emulator, home, root }: Bench): Promise<void> {
  if (IS_LONG) await askRclone({ account: emulator, scratch: home, root, bucketName: BUCKET, prefix: '' })
}

async function play(story: Story, kind: FaultKind): Promise<void> {
  const emulatorOptions = { recommendedPartSize: PART, absoluteMinimumPartSize: PART, maxCopyBytes: MOST_COPIED }
  const speed = kind === 'cap' ? SPEED_AT_CAP : SPEED
  const clock = createScenarioClock(speed)
  const bench = await openBench({ clock, speed, isWitnessed: true, emulator: emulatorOptions })
  const { emulator } = bench
  try {
    const files = story.makeFiles()
    await story.prepare(bench, files)
    emulator.clearCalls()
    for (const operation of story.calls) emulator.failNext(operation, { kind, bytesPerSecond: 50_000 })
    const wanted = await story.happen(bench, files)
    if (kind.startsWith('stall')) await restartWhereItStalls(bench)
    await bench.untilInSync(bench.root, BUCKET)
    await bench.stopEngine()

    const met = emulator.calls.filter((call) => call.fault === kind).map(({ operation }) => operation)
    expect(new Set(met)).toEqual(new Set(story.calls))
    for (const [path, content] of Object.entries(wanted)) {
      expect((await emulator.readFile(BUCKET, path)).equals(content), path).toBe(true)
    }
    const versions = Map.groupBy(emulator.fileVersions(BUCKET), ({ fileName }) => fileName)
    const actions = [...versions].map(([name, all]) => [name, all.map(({ action }) => action)])
    expect(Object.fromEntries(actions)).toEqual(story.versions)
    expect(done(bench, 'upload_part')).toBeLessThanOrEqual(story.sent)
    expect(done(bench, 'upload_file')).toBe(0)
    // Among others, that nothing was hidden before it had arrived.
    bench.expectInvariants()
    await judge(bench)
  } finally {
    await bench.close()
  }
}

const random = seededRandom(SEED)

describe.each(STORIES)(`$name (seed ${SEED})`, (story) => {
  const kinds = IS_LONG ? FAULT_KINDS : [FAULT_KINDS[Math.floor(random() * FAULT_KINDS.length)] ?? 'answer']
  it.each(kinds)('arrives once where "%s" happens to each of its calls', (kind) => play(story, kind))
})
