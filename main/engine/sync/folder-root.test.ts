import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import { entryOnDisk, openStateBench, type StateBench } from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { MARKER_NAME, readMarker, writeMarker } from '../scan/root-marker.ts'
import { FolderRoot } from './folder-root.ts'

const THEIRS = '00000000-0000-4000-8000-000000000002'

let home: string
let root: AbsolutePath
let bench: StateBench
let folder: SyncFolder
let known: FolderRoot

beforeEach(() => {
  home = tempFolder()
  root = join(home, 'root') as AbsolutePath
  mkdirSync(root)
  bench = openStateBench()
  folder = bench.addFolder(root)
  known = new FolderRoot(folder, bench.state)
})

const memory = () => bench.state.folders.memory(folder.folderId)
/** Another directory under the root's name. */
function replace(): void {
  renameSync(root, join(home, 'before'))
  mkdirSync(root)
}
function agree(...paths: readonly string[]): void {
  for (const path of paths) {
    writeFileSync(join(root, path), path)
    bench.agree(folder.folderId, entryOnDisk(root, path, path))
  }
}
const held = (code: string) => ({ kind: 'held', code })

describe('FolderRoot', () => {
  it('remembers at the first look what the root is like, for later runs too', () => {
    const verdict = known.check()
    expect(verdict).toMatchObject({ kind: 'ok', isAnother: false })
    expect(memory()).toMatchObject({ identity: verdict.kind === 'ok' && verdict.identity, asksEveryLoss: false })
    expect(memory().identity?.markerId).toBe(readMarker(root))
    replace()
    agree('a')
    rmSync(join(root, 'a'))
    expect(new FolderRoot(folder, bench.state).check()).toEqual(held('root_replaced'))
    expect(memory().identity).toEqual(verdict.kind === 'ok' && verdict.identity)
  })

  it('gives the marker back where a known file is as it was', () => {
    known.check()
    agree('a', 'b')
    rmSync(join(root, 'a'))
    const { identity } = memory()
    rmSync(join(root, MARKER_NAME))
    expect(known.check()).toMatchObject({ kind: 'ok', isAnother: false })
    expect([readMarker(root), memory()]).toMatchObject([identity?.markerId, { identity, asksEveryLoss: false }])
  })

  it('does not know a root without marker in which no known file is as it was', () => {
    known.check()
    agree('a', 'b')
    rmSync(join(root, MARKER_NAME))
    rmSync(join(root, 'a'))
    writeFileSync(join(root, 'b'), 'changed')
    expect(known.check()).toEqual(held('root_replaced'))
    expect(readMarker(root)).toBeNull()
  })

  it('takes any root for its own while nothing was ever sent: nothing can be lost', () => {
    known.check()
    replace()
    expect(known.check()).toMatchObject({ kind: 'ok', isAnother: true })
  })

  it('asks about every loss from then on when another directory carries the marker', () => {
    known.check()
    agree('a')
    const before = memory().identity
    replace()
    writeMarker(root, before?.markerId ?? '')
    expect(known.check()).toMatchObject({ kind: 'ok', isAnother: true })
    expect(memory().asksEveryLoss).toBe(true)
    expect(memory().identity).not.toEqual(before)
    // From then on it is the root.
    expect(known.check()).toMatchObject({ kind: 'ok', isAnother: false })
    expect(memory().asksEveryLoss).toBe(true)
  })

  it('goes on by itself when the root is back', () => {
    known.check()
    agree('a')
    renameSync(root, join(home, 'away'))
    expect(known.check()).toEqual(held('root_missing'))
    mkdirSync(root)
    expect(known.check()).toEqual(held('root_replaced'))
    rmSync(root, { recursive: true })
    renameSync(join(home, 'away'), root)
    expect(known.check()).toMatchObject({ kind: 'ok', isAnother: false })
    expect(memory().asksEveryLoss).toBe(false)
  })
})

describe('what a person accepts', () => {
  it.each([
    ['with no marker', null],
    ['with the marker of another folder', THEIRS],
  ])('is a directory %s, which is the root from then on; its losses are asked about', (_, marker) => {
    known.check()
    agree('a')
    replace()
    if (marker !== null) writeMarker(root, marker)
    expect(known.check()).toEqual(held('root_replaced'))
    known.accept()
    expect(known.check()).toMatchObject({ kind: 'ok', isAnother: false })
    const { identity, asksEveryLoss } = memory()
    expect([identity?.markerId, asksEveryLoss]).toEqual([readMarker(root), true])
    if (marker !== null) expect(identity?.markerId).toBe(marker)
    expect(new FolderRoot(folder, bench.state).check()).toMatchObject({ kind: 'ok', isAnother: false })
  })

  it('is nothing while there is nothing at the root: what comes next is not accepted unseen', () => {
    known.check()
    agree('a')
    const before = memory()
    renameSync(root, join(home, 'away'))
    known.accept()
    expect(memory()).toEqual(before)
    mkdirSync(root)
    expect(known.check()).toEqual(held('root_replaced'))
    rmSync(root, { recursive: true })
    renameSync(join(home, 'away'), root)
    expect(known.check()).toMatchObject({ kind: 'ok', isAnother: false })
  })
})
