/** When a folder is looked at without a hint: by a clock that stands still until the test moves it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { AbsolutePath, FolderId } from '../../../shared/ids.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { openStateBench, relative, type StateBench } from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { silentLogger } from '../lib/logger.ts'
import type { FolderWatch, FolderWatchEvents, WatchFolder } from '../scan/watcher.ts'
import { FolderSync } from './folder-sync.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** The longest rest of a folder in which nothing happens. */
const REST = 15 * SECOND

let root: AbsolutePath
let bench: StateBench
let folderId: FolderId
let clock: FakeClock
let sync: FolderSync
let checks: number
/** Called whenever something shows: at the beginning of a check, too. */
let onChange: () => void

type StartOptions = { readonly random?: number; readonly watchFolder?: WatchFolder }

beforeEach(() => {
  root = join(tempFolder(), 'root') as AbsolutePath
  mkdirSync(join(root, 'dark'), { recursive: true })
  writeFileSync(join(root, 'a'), 'a')
  bench = openStateBench()
  ;({ folderId } = bench.addFolder(root))
  // A day ahead of the files: all of them are at rest.
  clock = new FakeClock({ startMs: Date.now() + 24 * 60 * MINUTE })
  checks = 0
  onChange = () => undefined
})

/** A folder that was checked and rests. Nothing hints at anything in it unless `watchFolder` does. */
async function start({ random = 0.5, watchFolder }: StartOptions = {}): Promise<void> {
  const folder = bench.state.folders.find(folderId)
  if (folder === undefined) throw new Error('no folder')
  const nothing = (): void => undefined
  sync = new FolderSync({
    folder,
    ownData: null,
    state: bench.state,
    clock,
    random: () => random,
    logger: silentLogger,
    watchFolder: watchFolder ?? null,
    onChange: () => {
      onChange()
    },
    onPlanned: nothing,
    onHeld: nothing,
    onChecked: () => (checks += 1),
    onMachineTrouble: nothing,
  })
  onTestFinished(() => sync.stop())
  sync.start()
  await untilStill()
}

/** Time passes as on a machine that is awake: no rest takes longer than it was meant to. */
async function pass(ms: number, stepMs = REST, beforeEachStep = (): void => undefined): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    beforeEachStep()
    await untilStill()
    clock.advance(Math.min(stepMs, left))
    await untilStill()
  }
}

/** Until the loop waits for the clock. */
async function untilStill(): Promise<void> {
  do await new Promise(setImmediate)
  while (clock.sleeping === 0)
}

/** A watch that tells of nothing by itself, as one of a network drive, or one without room for a directory. */
function watchOf(more: Partial<FolderWatch>, onStart = (_: FolderWatchEvents): void => undefined): WatchFolder {
  return (_, __, events) => {
    onStart(events)
    return {
      ready: Promise.resolve(),
      hasEvents: true,
      unwatched: { count: 0, directories: [] },
      hintUnwatched: () => undefined,
      rewatch: () => Promise.resolve(),
      close: () => Promise.resolve(),
      ...more,
    }
  }
}

const isPlanned = (path: string): boolean => bench.state.jobs.findForPath(folderId, relative(path)) !== undefined

describe('a folder that nobody hints at', () => {
  it.each([
    ['three quarters of an hour', 0, 45],
    ['an hour', 0.5, 60],
    ['an hour and a quarter', 1, 75],
  ])('is checked after %s, as chance has it, so a lost event does not stay lost', async (_, random, minutes) => {
    await start({ random })
    writeFileSync(join(root, 'b'), 'b')
    await pass(minutes * MINUTE - REST)
    expect([checks, isPlanned('b')]).toEqual([1, false])
    await pass(REST)
    expect([checks, isPlanned('b')]).toEqual([2, true])
    writeFileSync(join(root, 'c'), 'c')
    await pass(minutes * MINUTE)
    expect([checks, isPlanned('c')]).toEqual([3, true])
  })

  it('is checked at once after the machine was asleep', async () => {
    await start()
    writeFileSync(join(root, 'b'), 'b')
    clock.advance(10 * MINUTE)
    await untilStill()
    expect([checks, isPlanned('b')]).toEqual([2, true])
  })

  it('is not checked because a rest took a moment longer, as on a busy machine', async () => {
    await start()
    clock.advance(REST + MINUTE)
    await untilStill()
    expect(checks).toBe(1)
  })

  it('is checked every minute where the file system tells of no changes', async () => {
    await start({ watchFolder: watchOf({ hasEvents: false }) })
    writeFileSync(join(root, 'b'), 'b')
    await pass(MINUTE - REST)
    expect([checks, isPlanned('b')]).toEqual([1, false])
    await pass(REST)
    expect([checks, isPlanned('b')]).toEqual([2, true])
    await pass(10 * MINUTE)
    expect(checks).toBe(12)
  })

  it('is left alone for ten times as long as a check takes where the drive is slow', async () => {
    onChange = () => {
      // The first of a check, before anything is looked at.
      onChange = () => undefined
      clock.advance(MINUTE)
    }
    await start({ watchFolder: watchOf({ hasEvents: false }) })
    await pass(10 * MINUTE - REST)
    expect(checks).toBe(1)
    await pass(REST)
    expect(checks).toBe(2)
  })
})

describe('a directory that the system refuses to watch', () => {
  /** A watch without room for the directory `dark`. */
  function watchWithoutRoom(): { readonly watchFolder: WatchFolder; readonly tries: () => number } {
    let events: FolderWatchEvents | null = null
    let tries = 0
    const watchFolder = watchOf(
      {
        unwatched: { count: 1, directories: [relative('dark')] },
        hintUnwatched: () => events?.onHint(relative('dark')),
        rewatch: () => {
          tries += 1
          return Promise.resolve()
        },
      },
      (given) => {
        events = given
      },
    )
    return { watchFolder, tries: () => tries }
  }

  it.each([
    ['nothing else happens', REST, () => undefined],
    ['something else changes every second', SECOND, () => sync.hint(relative('a'))],
  ])('is looked at every minute while %s', async (_, stepMs, happen) => {
    const { watchFolder, tries } = watchWithoutRoom()
    await start({ watchFolder })
    await pass(MINUTE, stepMs, happen)
    const before = tries()
    for (const round of [1, 2, 3]) {
      writeFileSync(join(root, `dark/${round}`), 'x')
      await pass(MINUTE + REST, stepMs, happen)
      expect([isPlanned(`dark/${round}`), checks]).toEqual([true, 1])
    }
    expect(tries() - before).toBeGreaterThanOrEqual(3)
  })
})
