import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import type { RootIdentity } from '../model/root.ts'
import { checkRoot, type RootVerdict } from './root-check.ts'
import { MARKER_NAME, readMarker, writeMarker } from './root-marker.ts'

const held = (code: string) => ({ kind: 'held', code })
const OURS = '00000000-0000-4000-8000-000000000001'
const THEIRS = '00000000-0000-4000-8000-000000000002'

const yes = () => true
const no = () => false
const neverAsked = (): boolean => {
  throw new Error('no known file need be looked for')
}

/** An empty folder, with a marker or without. */
function aRoot(markerId: string | null): AbsolutePath {
  const root = tempFolder()
  if (markerId !== null) writeMarker(root, markerId)
  return root
}

/** What the folder is like, as it was remembered, with what is different. */
function identityOf(root: AbsolutePath, change: Partial<RootIdentity> = {}): RootIdentity {
  const verdict = checkRoot(root, null, neverAsked)
  if (verdict.kind === 'held') throw new Error(verdict.code)
  return { ...verdict.identity, ...change }
}

const brief = (verdict: RootVerdict): string =>
  verdict.kind === 'held' ? verdict.code : verdict.isAnother ? 'accepted as another' : 'the same'

/** Makes another folder of a link, once each time it is told to, while whoever tells it goes on with something else. */
const SWAPPER = `
const { workerData: { link, targets, turns } } = require('node:worker_threads')
const { renameSync, symlinkSync } = require('node:fs')
for (let turn = 1; Atomics.load(turns, 0) >= 0; turn += 1) {
  Atomics.wait(turns, 0, turn - 1)
  if (Atomics.load(turns, 0) < 0) break
  symlinkSync(targets[turn % 2], link + '.new')
  renameSync(link + '.new', link)
  Atomics.store(turns, 1, turn)
}`

describe('checkRoot', () => {
  it('concludes nothing from the marker of one folder and the inode of another, which came in between', async () => {
    const home = tempFolder()
    const link = join(home, 'link') as AbsolutePath
    const targets = ['ours', 'empty']
    for (const target of targets) mkdirSync(join(home, target))
    writeMarker(join(home, 'ours') as AbsolutePath, OURS)
    symlinkSync('ours', link)
    const known = identityOf(link)
    const turns = new Int32Array(new SharedArrayBuffer(8))
    const swapper = new Worker(SWAPPER, { eval: true, workerData: { link, targets, turns }, execArgv: [] })
    const ended = once(swapper, 'exit')
    const verdicts = new Set<string>()
    for (let turn = 1; turn <= 500; turn += 1) {
      Atomics.store(turns, 0, turn)
      Atomics.notify(turns, 0)
      do verdicts.add(brief(checkRoot(link, known, no)))
      while (Atomics.load(turns, 1) < turn)
    }
    Atomics.store(turns, 0, -1)
    Atomics.notify(turns, 0)
    await ended
    expect([...verdicts].sort()).toEqual(['root_replaced', 'the same'])
  })

  it('marks a folder at the first look, and takes a marker over that is there', () => {
    const root = tempFolder()
    const first = identityOf(root)
    expect(first.markerId).toMatch(/^[0-9a-f-]{36}$/)
    expect(readMarker(root)).toBe(first.markerId)
    const before = readFileSync(join(root, MARKER_NAME), 'utf8')
    expect(checkRoot(root, null, neverAsked)).toEqual({ kind: 'ok', identity: first, isAnother: false })
    expect(readFileSync(join(root, MARKER_NAME), 'utf8')).toBe(before)
  })

  it('accepts a folder that is a link to one, and tells it by what the link leads to', () => {
    const home = tempFolder()
    mkdirSync(join(home, 'real'))
    symlinkSync('real', join(home, 'link'))
    const known = identityOf(join(home, 'link') as AbsolutePath)
    expect(brief(checkRoot(join(home, 'real') as AbsolutePath, known, neverAsked))).toBe('the same')
  })

  it('holds a folder that is not there, or is a file', () => {
    const root = tempFolder()
    writeFileSync(join(root, 'file'), '')
    for (const path of ['missing', 'file', 'file/below']) {
      expect(checkRoot(join(root, path) as AbsolutePath, null, neverAsked)).toEqual(held('root_missing'))
      expect(checkRoot(join(root, path) as AbsolutePath, identityOf(root), neverAsked)).toEqual(held('root_missing'))
    }
  })

  it.skipIf(hasNoPermissions)('holds a folder that may not be listed, or not even be looked for', async () => {
    const root = tempFolder()
    mkdirSync(join(root, 'secret'), { mode: 0o333 })
    mkdirSync(join(root, 'closed/root'), { recursive: true })
    const known = identityOf(join(root, 'closed/root') as AbsolutePath)
    await asOrdinaryUser([root], async () => {
      mkdirSync(join(root, 'shut'), { mode: 0 })
      expect(checkRoot(join(root, 'secret') as AbsolutePath, null, neverAsked)).toEqual(held('root_unreadable'))
      expect(checkRoot(join(root, 'shut/root') as AbsolutePath, known, neverAsked)).toEqual(held('root_unreadable'))
    })
  })

  it.skipIf(hasNoPermissions)('works without a marker where none can be written, and knows the folder', async () => {
    const root = tempFolder()
    await asOrdinaryUser([root], async () => {
      chmodSync(root, 0o555)
      const known = identityOf(root)
      expect(known.markerId).toBeNull()
      expect(brief(checkRoot(root, known, neverAsked))).toBe('the same')
    })
  })
})

/** How the marker is now, and whether the directory is the one it was: by inode, by device. */
const rules: readonly (readonly [
  now: string,
  marker: string | null,
  known: string | null,
  change: Partial<RootIdentity>,
  withKnownFile: string,
  withoutKnownFile: string,
])[] = [
  ['the marker is there, and so is the directory', OURS, OURS, {}, 'the same', 'the same'],
  ['the drive has another device number', OURS, OURS, { dev: -1 }, 'the same', 'the same'],
  ['another directory carries the marker', OURS, OURS, { ino: -1 }, 'accepted as another', 'accepted as another'],
  ['the marker is of another folder', THEIRS, OURS, {}, 'root_replaced', 'root_replaced'],
  ['so it is, in another directory', THEIRS, OURS, { ino: -1, dev: -1 }, 'root_replaced', 'root_replaced'],
  ['the marker is gone', null, OURS, {}, 'the same', 'root_replaced'],
  ['the marker is gone and the device is another', null, OURS, { dev: -1 }, 'accepted as another', 'root_replaced'],
  ['the marker is gone and the directory is another', null, OURS, { ino: -1 }, 'accepted as another', 'root_replaced'],
  ['there never was a marker', null, null, {}, 'the same', 'the same'],
  [
    'there never was one, and the directory is another',
    null,
    null,
    { ino: -1 },
    'accepted as another',
    'root_replaced',
  ],
  ['there never was one, and the device is another', null, null, { dev: -1 }, 'accepted as another', 'root_replaced'],
  ['a first marker has come', THEIRS, null, {}, 'the same', 'the same'],
  [
    'a first marker has come, with another directory',
    THEIRS,
    null,
    { ino: -1 },
    'accepted as another',
    'root_replaced',
  ],
]

describe('a root that was looked at before', () => {
  it.each(rules)('where %s', (_, marker, known, change, withKnownFile, withoutKnownFile) => {
    const root = aRoot(marker)
    const { dev, ino } = identityOf(root)
    if (marker === null) rmSync(join(root, MARKER_NAME))
    const before = { dev, ino, markerId: known, ...change }
    expect(brief(checkRoot(root, before, no))).toBe(withoutKnownFile)
    if (withoutKnownFile === 'root_replaced') expect(readMarker(root)).toBe(marker)
    expect(brief(checkRoot(root, before, yes))).toBe(withKnownFile)
  })

  it('gets its own marker back when that was deleted, and none otherwise', () => {
    const root = aRoot(OURS)
    const known = identityOf(root)
    rmSync(join(root, MARKER_NAME))
    expect(checkRoot(root, known, no)).toEqual(held('root_replaced'))
    expect(readMarker(root)).toBeNull()
    expect(checkRoot(root, known, yes)).toEqual({ kind: 'ok', identity: known, isAnother: false })
    expect(readMarker(root)).toBe(OURS)
  })

  it('is told by its identity as it is, so that it can be remembered', () => {
    const root = aRoot(OURS)
    const now = identityOf(root)
    const verdict = checkRoot(root, { ...now, ino: -1, dev: -1 }, neverAsked)
    expect(verdict).toEqual({ kind: 'ok', identity: now, isAnother: true })
  })

  it('does not have its known files looked for while its marker speaks for it', () => {
    const root = aRoot(OURS)
    const known = identityOf(root)
    expect(brief(checkRoot(root, { ...known, ino: -1 }, neverAsked))).toBe('accepted as another')
    expect(brief(checkRoot(root, { ...known, markerId: THEIRS }, neverAsked))).toBe('root_replaced')
  })

  it('is replaced when its name leads to another directory', () => {
    const home = tempFolder()
    const root = join(home, 'root') as AbsolutePath
    mkdirSync(root)
    const known = identityOf(root)
    renameSync(root, join(home, 'before'))
    expect(checkRoot(root, known, no)).toEqual(held('root_missing'))
    mkdirSync(root)
    expect(checkRoot(root, known, no)).toEqual(held('root_replaced'))
    rmSync(root, { recursive: true })
    renameSync(join(home, 'before'), root)
    expect(brief(checkRoot(root, known, no))).toBe('the same')
  })
})
