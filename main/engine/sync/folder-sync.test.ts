import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { Sha1Hex, type AbsolutePath, type FolderId, type RelativePath } from '../../../shared/ids.ts'
import { createFastClock } from '../../../test/support/fast-clock.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { waitFor } from '../../../test/support/wait-for.ts'
import type { Clock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import { isJunk } from '../scan/ignore-rules.ts'
import { openState, type State } from '../state/state.ts'
import { FolderSync } from './folder-sync.ts'

/** More than the walker looks at without giving others a turn. */
const MANY = 2000

let home: string
let root: AbsolutePath
let state: State
let sync: FolderSync
let folderId: FolderId
let clock: Clock

beforeEach(async () => {
  home = tempFolder()
  root = join(home, 'root') as AbsolutePath
  mkdirSync(root)
  writeFileSync(join(root, 'a'), 'a')
  state = openState(join(home, 'data/pail.db'))
  const place = { bucketId: 'b', bucketName: 'bucket', bucketType: 'allPrivate', prefix: '' }
  const folder = state.folders.add({ root, ...place })
  folderId = folder.folderId
  clock = createFastClock(10)
  const nothing = (): void => undefined
  sync = new FolderSync({
    folder,
    isIgnored: isJunk,
    state,
    clock,
    random: () => 0.5,
    logger: silentLogger,
    isWatching: false,
    onChange: nothing,
    onPlanned: nothing,
    onMachineTrouble: nothing,
  })
  sync.start()
  onTestFinished(async () => {
    await sync.stop()
    state.close()
  })
  await waitFor('the first check', () => sync.isSettled)
})

const pending = (): number => state.folders.totals(folderId).pendingFiles

describe('FolderSync', () => {
  it('plans what it finds, and is settled then', () => {
    expect(pending()).toBe(1)
    expect(sync.condition).toEqual({ kind: 'idle' })
    expect(sync.checkedAt).not.toBeNull()
  })

  it.each([
    ['a hint', () => sync.hint('many' as RelativePath)],
    ['a request to check everything', () => sync.checkNow()],
  ])('is not settled from %s on until all that it leads to is planned', async (_, begin) => {
    mkdirSync(join(home, 'many'))
    for (let i = 0; i < MANY; i += 1) writeFileSync(join(home, 'many', `f${i}`), '')
    renameSync(join(home, 'many'), join(root, 'many'))
    begin()
    const lies: number[] = []
    while (pending() < MANY + 1) {
      if (sync.isSettled) lies.push(pending())
      await new Promise(setImmediate)
    }
    expect(lies).toEqual([])
    await waitFor('rest', () => sync.isSettled)
  })

  it('is not settled while a file is being written', async () => {
    // By the clock that runs ahead every file is at rest, except one from its future.
    writeFileSync(join(root, 'b'), 'b')
    utimesSync(join(root, 'b'), 4e9, 4e9)
    sync.hint('b' as RelativePath)
    await waitFor('the file to be seen', () => sync.movingFiles === 1)
    expect([sync.isSettled, pending()]).toEqual([false, 1])
    await waitFor('the file to be planned', () => pending() === 2)
    await waitFor('rest', () => sync.isSettled)
  })

  it('stays held while single paths in an emptied root are hinted at', async () => {
    const fingerprint = { sizeBytes: 1, mtimeMs: 1, ctimeMs: 1, ino: 1 }
    const sha1 = Sha1Hex.parse('a'.repeat(40))
    state.transaction(() => state.base.put(folderId, { path: 'a' as RelativePath, fingerprint, sha1, fileId: 'f' }))
    rmSync(join(root, 'a'))
    sync.checkNow()
    await waitFor('the hold', () => sync.condition.kind === 'held')
    const start = clock.now()
    const seen = new Set<string>()
    sync.hint('never-there' as RelativePath)
    while (clock.now() - start < 1500) {
      seen.add(sync.condition.kind)
      await new Promise(setImmediate)
    }
    expect([...seen]).toEqual(['held'])
    writeFileSync(join(root, 'a'), 'back')
    sync.hint('a' as RelativePath)
    await waitFor('the hold to end', () => sync.isSettled)
  })

  it('finds a tree that is gone by a hint at its top, and hides nothing that was never sent', async () => {
    mkdirSync(join(root, 'dir/sub'), { recursive: true })
    writeFileSync(join(root, 'dir/sub/x'), '')
    sync.hint('dir' as RelativePath)
    await waitFor('the file to be planned', () => pending() === 2)
    renameSync(join(root, 'dir'), join(home, 'gone'))
    sync.hint('dir' as RelativePath)
    await waitFor('its job to be forgotten', () => pending() === 1)
    expect(state.jobs.findForPath(folderId, 'a' as RelativePath)?.kind).toBe('upload')
  })
})
