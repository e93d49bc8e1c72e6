import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { canMountTinyDisk, mountTinyDisk, unmount } from '../../../test/support/tiny-disk.ts'
import { waitFor } from '../../../test/support/wait-for.ts'
import type { DirectoryPath } from '../lib/paths.ts'
import { createIgnoreRules } from './ignore-rules.ts'
import { walk, type WalkStep } from './walker.ts'

const never = new AbortController().signal

const isJunk = createIgnoreRules({ settings: '', file: null, own: null }).isIgnored

function make(root: string, ...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), path)
  }
}

async function collect(root: AbsolutePath, start = '', signal = never): Promise<readonly WalkStep[]> {
  const steps: WalkStep[] = []
  for await (const step of walk(root, start as DirectoryPath, isJunk, signal)) steps.push(step)
  return steps
}

/** Directory by directory, in order of names: the files, then what was skipped and why. */
function summary(steps: readonly WalkStep[]) {
  const rows = steps.map((step): [string, unknown] => {
    if (step.kind === 'unreadable') return [step.directory, 'unreadable']
    const files = step.files.map(({ path }) => path as string).sort()
    return [step.directory, [...files, ...step.skipped.map(({ path, reason }) => `${path}: ${reason}`).sort()]]
  })
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)))
}

describe('walk', { timeout: 60_000 }, () => {
  it('tells every file of every directory, empty directories too', async () => {
    const root = tempFolder()
    make(root, 'a', 'dir/b', 'dir/sub/deep/c', '.hidden/d')
    mkdirSync(join(root, 'empty'))
    expect(summary(await collect(root))).toEqual({
      '': ['a'],
      '.hidden': ['.hidden/d'],
      dir: ['dir/b'],
      'dir/sub': [],
      'dir/sub/deep': ['dir/sub/deep/c'],
      empty: [],
    })
  })

  it('gives the size and times of each file', async () => {
    const root = tempFolder()
    make(root, 'abc')
    const [step] = await collect(root)
    const fingerprint = step?.kind === 'directory' ? step.files[0]?.fingerprint : undefined
    expect(fingerprint).toMatchObject({ sizeBytes: 3 })
    const { mtimeMs, ctimeMs, ino, dev } = statSync(join(root, 'abc'))
    expect(fingerprint).toMatchObject({ mtimeMs, ctimeMs, ino, dev })
  })

  it.skipIf(!canMountTinyDisk())(
    'tells the device of each directory, also of one where a drive is mounted',
    async () => {
      const root = tempFolder()
      make(root, 'dir/a', 'drive/hidden-by-the-drive')
      mountTinyDisk(join(root, 'drive'))
      try {
        make(root, 'drive/b')
        const devs = Object.fromEntries(
          (await collect(root)).map((step) => [step.directory, step.kind === 'directory' ? step.dev : null]),
        )
        const { dev } = statSync(root)
        const drive = statSync(join(root, 'drive')).dev
        expect(drive).not.toBe(dev)
        expect(devs).toEqual({ '': dev, dir: dev, drive })
      } finally {
        unmount(join(root, 'drive'))
      }
    },
  )

  it('does not tell of the marker in the root, but of whatever else is called so', async () => {
    const root = tempFolder()
    make(root, '.pail-folder', '.pail-folder.new', '.pail-folder2', 'dir/.pail-folder')
    expect(summary(await collect(root))).toEqual({ '': ['.pail-folder2'], dir: ['dir/.pail-folder'] })
    rmSync(join(root, '.pail-folder'))
    make(root, '.pail-folder/a')
    rmSync(join(root, '.pail-folder.new'))
    symlinkSync('dir', join(root, '.pail-folder.new'))
    expect(summary(await collect(root))).toEqual({
      '': ['.pail-folder2', '.pail-folder.new: ignored'],
      '.pail-folder': ['.pail-folder/a'],
      dir: ['dir/.pail-folder'],
    })
  })

  it('follows a root that is a link, and no link to start from', async () => {
    const root = tempFolder()
    make(root, 'real/a')
    symlinkSync('real', join(root, 'link'))
    expect(summary(await collect(join(root, 'link') as AbsolutePath))).toEqual({ '': ['a'] })
    expect(await collect(root, 'link')).toEqual([])
  })

  it('starts where it is told to', async () => {
    const root = tempFolder()
    make(root, 'a', 'dir/b', 'dir/sub/c')
    expect(summary(await collect(root, 'dir'))).toEqual({ dir: ['dir/b'], 'dir/sub': ['dir/sub/c'] })
  })

  it('names what it leaves out, and does not go into it', async () => {
    const root = tempFolder()
    make(root, 'dir/a', '.Trashes/x', 'Thumbs.db')
    symlinkSync('dir', join(root, 'link-to-directory'))
    symlinkSync('dir/a', join(root, 'link-to-file'))
    symlinkSync('nowhere', join(root, 'broken'))
    symlinkSync('..', join(root, 'dir/up'))
    execFileSync('mkfifo', [join(root, 'pipe')])
    expect(summary(await collect(root))).toEqual({
      '': [
        '.Trashes: ignored',
        'Thumbs.db: ignored',
        'broken: symlink',
        'link-to-directory: symlink',
        'link-to-file: symlink',
        'pipe: special',
      ],
      dir: ['dir/a', 'dir/up: symlink'],
    })
  })

  it('tells names that are not UTF-8 from files that vanished', async () => {
    const root = tempFolder()
    make(root, 'good', 'honest \ufffd')
    writeFileSync(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff])]), 'x')
    expect(summary(await collect(root))).toEqual({ '': ['good', 'honest \ufffd', 'bad\ufffd: name-not-utf8'] })
  })

  it('gives no step for a directory that is not there, or is a file', async () => {
    const root = tempFolder()
    make(root, 'file')
    expect(await collect(root, 'missing')).toEqual([])
    expect(await collect(root, 'file')).toEqual([])
    expect(await collect(join(root, 'missing') as AbsolutePath)).toEqual([])
  })

  it('gives no step for a directory that vanishes while it walks', async () => {
    const root = tempFolder()
    make(root, 'dir/a', 'dir/sub/b')
    const steps: WalkStep[] = []
    for await (const step of walk(root, '', isJunk, never)) {
      steps.push(step)
      rmSync(join(root, 'dir'), { recursive: true, force: true })
    }
    expect(summary(steps)).toEqual({ '': [] })
  })

  it('ends early when it is aborted', async () => {
    const root = tempFolder()
    make(root, 'a/1', 'b/2', 'c/3')
    const abort = new AbortController()
    const steps: WalkStep[] = []
    for await (const step of walk(root, '', isJunk, abort.signal)) {
      steps.push(step)
      abort.abort()
    }
    expect(steps).toHaveLength(1)
  })

  it.skipIf(hasNoPermissions)('says which directory may not be read, and goes on', async () => {
    const root = tempFolder()
    make(root, 'a', 'secret/b', 'listed-only/c', 'open/d')
    chmodSync(join(root, 'secret'), 0)
    chmodSync(join(root, 'listed-only'), 0o444)
    await asOrdinaryUser([root], async () => {
      expect(summary(await collect(root))).toEqual({
        '': ['a'],
        'listed-only': ['listed-only/c: unreadable'],
        open: ['open/d'],
        secret: 'unreadable',
      })
    })
    chmodSync(join(root, 'secret'), 0o755)
    chmodSync(join(root, 'listed-only'), 0o755)
  })

  it('lets other work go on in between', async () => {
    const root = tempFolder()
    make(root, ...Array.from({ length: 1200 }, (_, i) => `f${i}`))
    let turns = 0
    const timer = setInterval(() => (turns += 1), 0)
    const counting = setImmediate(() => (turns += 1))
    await collect(root)
    clearInterval(timer)
    clearImmediate(counting)
    expect(turns).toBeGreaterThan(0)
  })
})

describe('a gentle walk', { timeout: 60_000 }, () => {
  const nothing = () => false
  /** A walk in which every entry takes `msEach`. */
  async function sleepsOf(files: number, msEach: number): Promise<readonly number[]> {
    const root = tempFolder()
    make(root, ...Array.from({ length: files }, (_, i) => `f${i}`))
    const clock = new FakeClock({ skipsSleeps: true })
    const busy = () => {
      clock.advance(msEach)
      return false
    }
    let found = 0
    for await (const step of walk(root, '', busy, never, { pace: 'gentle', clock })) {
      if (step.kind === 'directory') found += step.files.length
    }
    expect(found).toBe(files)
    return clock.sleeps
  }

  it('rests as long as it works', async () => {
    expect(await sleepsOf(1100, 0.5)).toEqual([256, 256])
  })

  it('rests at least a millisecond and at most a second', async () => {
    expect(await sleepsOf(1100, 0)).toEqual([1, 1])
    expect(await sleepsOf(600, 100)).toEqual([1000])
  })

  it('ends without an error when it is aborted while it rests', async () => {
    const root = tempFolder()
    make(root, ...Array.from({ length: 600 }, (_, i) => `f${i}`), 'dir/a')
    const clock = new FakeClock()
    const abort = new AbortController()
    const steps: WalkStep[] = []
    const walking = (async () => {
      for await (const step of walk(root, '', nothing, abort.signal, { pace: 'gentle', clock })) steps.push(step)
    })()
    await waitFor('the walk to rest', () => clock.sleeping === 1)
    abort.abort()
    await walking
    expect(steps.map(({ directory }) => directory)).not.toContain('dir')
  })
})
