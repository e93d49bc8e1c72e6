import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { waitFor } from '../../../test/support/wait-for.ts'
import type { DirectoryPath } from '../lib/paths.ts'
import { createIgnoreRules } from './ignore-rules.ts'
import { watchFolder } from './watcher.ts'

const isJunk = createIgnoreRules({ settings: '', file: null, own: null }).isIgnored

function make(root: string, ...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), 'x')
  }
}

/** A watch with everything it has hinted at since it was ready, or since `forget`. */
async function startWatch(root: AbsolutePath, isIgnored = isJunk, watchesTrees?: boolean) {
  const hints = new Set<DirectoryPath>()
  const events = { onHint: (path: DirectoryPath) => void hints.add(path), onChange: () => undefined }
  const watch = watchFolder(root, isIgnored, events, ...(watchesTrees === undefined ? [] : [watchesTrees]))
  onTestFinished(() => watch.close())
  await watch.ready
  hints.clear()
  const has = (...paths: readonly string[]) => paths.every((path) => hints.has(path as RelativePath))
  let probes = 0
  return {
    hints,
    close: () => watch.close(),
    unwatched: () => watch.unwatched,
    hears: (...paths: readonly string[]) => waitFor(`hints at ${paths.join(', ')}`, () => has(...paths)),
    /** Whether a change in this directory is hinted at, by its name, or by that of a directory above it. */
    watches: (directory: string) => {
      probes += 1
      const name = `probe${probes}`
      writeFileSync(join(root, directory, name), '')
      return waitFor(`a hint at ${name} in ${directory}`, () => has(join(directory, name)))
    },
    /** Resolves when everything that happened before was heard of, and directories that appeared are watched. */
    async settle(): Promise<void> {
      let before = -1
      await waitFor('quiet', async () => {
        probes += 1
        const name = `settle${probes}`
        writeFileSync(join(root, name), '')
        await waitFor('the probe', () => has(name))
        const isQuiet = hints.size === before + 1
        before = hints.size
        return isQuiet
      })
    },
  }
}

/** The numbers of all watches of this process: one that is made anew gets another number. */
function watchNumbers(): readonly string[] {
  const lines = readdirSync('/proc/self/fdinfo').flatMap((fd) => {
    const path = `/proc/self/fdinfo/${fd}`
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
  })
  return lines.flatMap((line) => /^inotify wd:(\w+)/.exec(line)?.[1] ?? []).sort()
}

const watchCount = () => watchNumbers().length

describe('watchFolder', { timeout: 60_000 }, () => {
  it('hints at files that are made, changed, renamed and deleted, at any depth', async () => {
    const root = tempFolder()
    make(root, 'old', 'dir/sub/old')
    const watch = await startWatch(root)
    make(root, 'new', 'dir/sub/new')
    await watch.hears('new', 'dir/sub/new')
    watch.hints.clear()
    appendFileSync(join(root, 'old'), 'more')
    appendFileSync(join(root, 'dir/sub/old'), 'more')
    await watch.hears('old', 'dir/sub/old')
    watch.hints.clear()
    renameSync(join(root, 'old'), join(root, 'dir/renamed'))
    unlinkSync(join(root, 'dir/sub/old'))
    await watch.hears('old', 'dir/renamed', 'dir/sub/old')
    expect(watch.unwatched()).toEqual({ count: 0, directories: [] })
  })

  it('watches directories that are made, and those made in them before they are watched', async () => {
    const root = tempFolder()
    const watch = await startWatch(root)
    make(root, 'a/b/c/d/file', 'a/b/x/file')
    await watch.hears('a')
    await watch.settle()
    for (const directory of ['a', 'a/b', 'a/b/c', 'a/b/c/d', 'a/b/x']) await watch.watches(directory)
  })

  it('hints at a new directory once more when it is watched, for what was made in it before', async () => {
    const root = tempFolder()
    const hints: DirectoryPath[] = []
    const onHint = (path: DirectoryPath): void => {
      // As if another program was quicker than the watch: nothing tells of this file.
      if (path === 'a' && !hints.includes('a' as RelativePath)) make(root, 'a/quick')
      hints.push(path)
    }
    const watch = watchFolder(root, isJunk, { onHint, onChange: () => undefined })
    onTestFinished(() => watch.close())
    await watch.ready
    mkdirSync(join(root, 'a'))
    await waitFor('another hint', () => hints.filter((path) => path === 'a').length >= 2)
    expect(hints).not.toContain('a/quick')
  })

  it('watches a whole tree that is moved in, and hints at it', async () => {
    const root = tempFolder()
    const elsewhere = tempFolder()
    make(elsewhere, 'tree/sub/deep/file')
    const watch = await startWatch(root)
    renameSync(join(elsewhere, 'tree'), join(root, 'tree'))
    await watch.hears('tree')
    await watch.settle()
    for (const directory of ['tree', 'tree/sub', 'tree/sub/deep']) await watch.watches(directory)
  })

  it('follows a tree that is renamed: its old names are no longer heard', async () => {
    const root = tempFolder()
    make(root, 'old/sub/deep/file', 'other/file')
    const watch = await startWatch(root)
    renameSync(join(root, 'old'), join(root, 'other/new'))
    await watch.hears('old', 'other/new')
    await watch.settle()
    watch.hints.clear()
    for (const directory of ['other/new', 'other/new/sub', 'other/new/sub/deep']) await watch.watches(directory)
    expect([...watch.hints].filter((path) => path.startsWith('old'))).toEqual([])
  })

  it.runIf(process.platform === 'linux')('ends the watches of what is deleted or moved away', async () => {
    const root = tempFolder()
    const elsewhere = tempFolder()
    make(root, 'deleted/sub/file', 'moved/sub/deep/file', 'stays/sub/file')
    const before = watchCount()
    const watch = await startWatch(root)
    expect(watchCount() - before).toBe(8)
    rmSync(join(root, 'deleted'), { recursive: true })
    renameSync(join(root, 'moved'), join(elsewhere, 'moved'))
    await watch.hears('deleted', 'moved')
    await watch.settle()
    expect(watchCount() - before).toBe(3)
    watch.hints.clear()
    make(elsewhere, 'moved/sub/deep/more')
    await watch.settle()
    expect([...watch.hints].filter((path) => !path.startsWith('settle'))).toEqual([])
    await watch.close()
    expect(watchCount() - before).toBe(0)
  })

  it('watches a directory that is deleted and made again at once', async () => {
    const root = tempFolder()
    make(root, 'a/b/file')
    const watch = await startWatch(root)
    for (let i = 0; i < 3; i += 1) {
      rmSync(join(root, 'a'), { recursive: true })
      make(root, 'a/b/file')
      rmSync(join(root, 'a/b'), { recursive: true })
      mkdirSync(join(root, 'a/b'))
    }
    await watch.hears('a')
    await watch.settle()
    for (const directory of ['a', 'a/b']) await watch.watches(directory)
  })

  it.runIf(process.platform === 'linux')(
    'keeps the watches of a directory of which only times or permissions change',
    async () => {
      const root = tempFolder()
      make(root, 'a/b/file')
      const watch = await startWatch(root)
      const before = watchNumbers()
      chmodSync(join(root, 'a'), 0o700)
      utimesSync(join(root, 'a/b'), 1, 1)
      renameSync(join(root, 'a'), join(root, 'x'))
      renameSync(join(root, 'x'), join(root, 'a'))
      await watch.hears('a', 'a/b')
      await watch.settle()
      expect(watchNumbers()).toEqual(before)
      for (const directory of ['a', 'a/b']) await watch.watches(directory)
    },
  )

  it('hints at a name that is a directory first and a file then, and the other way round', async () => {
    const root = tempFolder()
    make(root, 'a/file', 'b')
    const watch = await startWatch(root)
    rmSync(join(root, 'a'), { recursive: true })
    writeFileSync(join(root, 'a'), '')
    unlinkSync(join(root, 'b'))
    make(root, 'b/file')
    await watch.hears('a', 'b')
    await watch.settle()
    await watch.watches('b')
  })

  it.each([false, true])(
    'hears nothing of what is in ignored directories (watching trees: %s)',
    async (watchesTrees) => {
      const root = tempFolder()
      make(root, '.Trashes/sub/file', 'dir/file')
      const watch = await startWatch(root, isJunk, watchesTrees)
      make(root, '.Trashes/new', '.Trashes/sub/new', 'dir/.Trash-1000/new')
      await watch.watches('dir')
      await watch.settle()
      make(root, '.Trashes/newer', '.Trashes/sub/newer', 'dir/.Trash-1000/newer')
      await watch.watches('dir')
      await watch.settle()
      const inside = [...watch.hints].filter((path) => /Trash[^/]*\//.test(path))
      expect(inside).toEqual([])
    },
  )

  it('hears of changes at any depth where the system watches whole trees', async () => {
    const root = tempFolder()
    make(root, 'dir/sub/old', '.Trashes/old')
    const watch = await startWatch(root, isJunk, true)
    appendFileSync(join(root, 'dir/sub/old'), 'more')
    make(root, 'new')
    await watch.hears('dir/sub/old', 'new')
    expect(watch.unwatched()).toEqual({ count: 0, directories: [] })
  })

  it('does not follow links to directories', async () => {
    const root = tempFolder()
    const elsewhere = tempFolder()
    make(elsewhere, 'file')
    symlinkSync(elsewhere, join(root, 'link'))
    const watch = await startWatch(root)
    symlinkSync(elsewhere, join(root, 'another'))
    await watch.hears('another')
    appendFileSync(join(elsewhere, 'file'), 'more')
    await watch.settle()
    expect([...watch.hints].filter((path) => path.endsWith('file'))).toEqual([])
  })

  it('hints at the directory for names that are not UTF-8', async () => {
    const root = tempFolder()
    make(root, 'dir/file')
    const watch = await startWatch(root)
    writeFileSync(Buffer.concat([Buffer.from(`${root}/dir/bad`), Buffer.from([0xff])]), 'x')
    await watch.hears('dir')
    mkdirSync(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff])]))
    await watch.hears('')
  })

  it.skipIf(hasNoPermissions)('watches a directory as soon as it may be read', async () => {
    const root = tempFolder()
    make(root, 'secret/sub/file')
    chmodSync(join(root, 'secret'), 0)
    await asOrdinaryUser([root], async () => {
      const watch = await startWatch(root)
      expect(watch.unwatched().count).toBe(0)
      chmodSync(join(root, 'secret'), 0o755)
      await watch.hears('secret')
      await watch.settle()
      for (const directory of ['secret', 'secret/sub']) await watch.watches(directory)
    })
  })

  it.each(['deleted', 'moved away', 'replaced'])('hints at everything when the root is %s', async (how) => {
    const root = join(tempFolder(), 'root') as AbsolutePath
    make(root, 'dir/file')
    const watch = await startWatch(root)
    if (how === 'deleted') rmSync(root, { recursive: true })
    else renameSync(root, `${root}-away`)
    if (how === 'replaced') mkdirSync(root)
    await watch.hears('')
  })

  it('goes on watching in a root that was replaced by another directory', async () => {
    const root = join(tempFolder(), 'root') as AbsolutePath
    make(root, 'dir/file')
    make(`${root}-other`, 'dir/file', 'new/file')
    const watch = await startWatch(root)
    renameSync(root, `${root}-away`)
    renameSync(`${root}-other`, root)
    await watch.hears('')
    await watch.settle()
    for (const directory of ['dir', 'new']) await watch.watches(directory)
  })

  it.runIf(process.platform === 'linux')(
    'does not claim to watch a root whose name it cannot give to chokidar',
    async () => {
      const root = join(tempFolder(), 'back\\slash') as AbsolutePath
      make(root, 'dir/file')
      const watch = await startWatch(root)
      expect(watch.unwatched()).toEqual({ count: 1, directories: [''] })
      await watch.watches('dir')
      // Only the directory itself can tell that it is another one now.
      rmSync(join(root, 'dir'), { recursive: true })
      make(root, 'dir/sub/file')
      await watch.hears('dir')
      await waitFor('a change below', () => {
        appendFileSync(join(root, 'dir/sub/file'), 'more')
        return watch.hints.has('dir/sub/file' as RelativePath)
      })
    },
  )

  it('says nothing any more once it is closed, even while it begins', async () => {
    const root = tempFolder()
    make(root, 'dir/file')
    const hints: DirectoryPath[] = []
    const events = { onHint: (path: DirectoryPath) => void hints.push(path), onChange: () => undefined }
    const early = watchFolder(root, isJunk, events)
    await early.close()
    await early.ready
    await early.rewatch()
    const other = await startWatch(root)
    const watch = watchFolder(root, isJunk, events)
    await watch.ready
    await watch.close()
    make(root, 'new', 'dir/new')
    await other.settle()
    expect(hints).toEqual([])
  })

  it.runIf(queueLength() <= 20_000).each(['', 'a'])(
    'hints at everything when the system may have dropped events (of %j)',
    async (busy) => {
      const root = tempFolder()
      make(root, join(busy, '1'), join(busy, '2'), 'b/file')
      const watch = await startWatch(root)
      for (let i = 0; i <= queueLength() / 2; i += 1) writeBoth(root, busy)
      make(root, 'b/lost')
      await watch.hears('')
      expect(watch.hints.has('b/lost' as RelativePath)).toBe(false)
    },
  )

  it.runIf(queueLength() <= 20_000)(
    'says nothing of dropped events when there are as many, but not at once',
    async () => {
      const root = tempFolder()
      make(root, 'a/1', 'a/2')
      const watch = await startWatch(root)
      for (let i = 0; i < 20; i += 1) {
        for (let j = 0; j < queueLength() / 32; j += 1) writeBoth(root, 'a')
        await watch.watches('a')
      }
      expect(watch.hints.has('')).toBe(false)
    },
  )
})

/** Two files in turn: what repeats the event before it is not queued. */
function writeBoth(root: string, directory: string): void {
  appendFileSync(join(root, directory, '1'), 'x')
  appendFileSync(join(root, directory, '2'), 'x')
}

/** How many events Linux keeps for a process. */
function queueLength(): number {
  const path = '/proc/sys/fs/inotify/max_queued_events'
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : Infinity
}
