/** What is watched, and what is said about the rest, when the system refuses watches: with limits that are really lowered. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Unwatched } from '../../main/engine/scan/watcher.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/wait-for.ts'
import type { WatchNews, WatchRequest } from '../support/watch-program.ts'

const PROGRAM = join(import.meta.dirname, '../support/watch-program.ts')

/** A user namespace of its own, with limits of its own: nobody else feels them, and they end with the process. */
const UNSHARE = ['--user', '--map-root-user']

const canLimit =
  process.platform === 'linux' &&
  spawnSync('unshare', [...UNSHARE, 'sh', '-c', 'echo 1000 > /proc/sys/user/max_inotify_watches']).status === 0

class WatchProcess {
  readonly hints: string[] = []
  changes = 0
  readonly #child: ChildProcess
  #done: Unwatched | null = null

  constructor() {
    this.#child = spawn('unshare', [...UNSHARE, process.execPath, PROGRAM], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child.on('message', (news: WatchNews) => {
      if (news.kind === 'hint') this.hints.push(news.path)
      else if (news.kind === 'change') this.changes += 1
      else this.#done = news.unwatched
    })
    onTestFinished(() => {
      this.#child.kill('SIGKILL')
    })
  }

  async ask(request: WatchRequest): Promise<Unwatched> {
    this.#done = null
    this.#child.send(request)
    return waitFor(`an answer to ${request.ask}`, () => {
      expect(this.#child.exitCode).toBeNull()
      return this.#done
    })
  }

  hears(path: string): Promise<true> {
    return waitFor(`a hint at ${path}`, () => this.hints.includes(path))
  }

  async end(): Promise<number | null> {
    this.#child.send({ ask: 'close' } satisfies WatchRequest)
    await waitFor('the end', () => this.#child.exitCode !== null)
    return this.#child.exitCode
  }
}

/** A folder with these directories, each with a file in it. */
function folderWith(directories: readonly string[]) {
  const root = tempFolder()
  for (const directory of directories) {
    mkdirSync(join(root, directory), { recursive: true })
    writeFileSync(join(root, directory, 'file'), '')
  }
  return root
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `dir${i}`)

describe.runIf(canLimit)('watching where the system refuses more watches', () => {
  it('watches as much as it may, names the rest, and heals when there is room again', async () => {
    const directories = [...numbered(9), 'dir0/sub', 'dir1/sub/deep', 'dir1/sub'].sort()
    const root = folderWith(directories)
    const watch = new WatchProcess()
    await watch.ask({ ask: 'limit', name: 'max_inotify_watches', value: 5 })
    const { count, directories: refused } = await watch.ask({ ask: 'start', root })
    // The root and twelve below it, of which five are watched.
    expect(count).toBe(8)
    expect(refused).toHaveLength(8)
    expect(watch.changes).toBeGreaterThan(0)
    const watched = directories.filter((directory) => !(refused as readonly string[]).includes(directory))
    expect(watched).toHaveLength(4)

    for (const directory of watched) {
      appendFileSync(join(root, directory, 'file'), 'x')
      await watch.hears(`${directory}/file`)
    }
    watch.hints.length = 0
    await watch.ask({ ask: 'hint-unwatched' })
    expect(watch.hints.toSorted()).toEqual(refused.toSorted())

    watch.hints.length = 0
    expect((await watch.ask({ ask: 'rewatch' })).count).toBe(8)
    expect(watch.hints).toEqual([])

    await watch.ask({ ask: 'limit', name: 'max_inotify_watches', value: 100 })
    expect(await watch.ask({ ask: 'rewatch' })).toEqual({ count: 0, directories: [] })
    expect(new Set(watch.hints)).toEqual(new Set(refused))
    for (const directory of directories) {
      appendFileSync(join(root, directory, 'file'), 'x')
      await watch.hears(`${directory}/file`)
    }
    expect(await watch.end()).toBe(0)
  })

  it('knows of directories that appear and vanish while there is no room', async () => {
    const root = folderWith(numbered(3))
    const watch = new WatchProcess()
    await watch.ask({ ask: 'limit', name: 'max_inotify_watches', value: 4 })
    expect((await watch.ask({ ask: 'start', root })).count).toBe(0)
    mkdirSync(join(root, 'new/sub'), { recursive: true })
    await watch.hears('new')
    const unwatched = () => watch.ask({ ask: 'hint-unwatched' })
    await waitFor('the new ones to be known', async () => (await unwatched()).count === 2)
    expect((await unwatched()).directories.toSorted()).toEqual(['new', 'new/sub'])
    // Makes room for one: a directory that is made now is watched.
    rmSync(join(root, 'dir0'), { recursive: true })
    await watch.hears('dir0')
    mkdirSync(join(root, 'late'))
    await waitFor('a change in it', () => {
      appendFileSync(join(root, 'late/file'), 'x')
      return watch.hints.includes('late/file')
    })
    rmSync(join(root, 'new'), { recursive: true })
    await waitFor('the old ones to be forgotten', async () => (await unwatched()).count === 0)
    expect(await watch.end()).toBe(0)
  })

  it('only counts what is too much to be named, and asks for a look at everything then', async () => {
    const root = folderWith([...numbered(1150), 'dir7/sub/deep'])
    const watch = new WatchProcess()
    await watch.ask({ ask: 'limit', name: 'max_inotify_watches', value: 100 })
    const unwatched = await watch.ask({ ask: 'start', root })
    expect(unwatched.count).toBe(1153 - 100)
    expect(unwatched.directories).toHaveLength(1000)
    watch.hints.length = 0
    await watch.ask({ ask: 'hint-unwatched' })
    expect(watch.hints).toEqual([''])

    await watch.ask({ ask: 'limit', name: 'max_inotify_watches', value: 600 })
    expect((await watch.ask({ ask: 'rewatch' })).count).toBe(1153 - 600)
    await watch.ask({ ask: 'limit', name: 'max_inotify_watches', value: 2000 })
    expect(await watch.ask({ ask: 'rewatch' })).toEqual({ count: 0, directories: [] })
    for (const directory of ['dir7/sub/deep', 'dir0', 'dir1149']) {
      appendFileSync(join(root, directory, 'file'), 'x')
      await watch.hears(`${directory}/file`)
    }
    expect(await watch.end()).toBe(0)
  })

  it('goes on without any watch at all, and heals', async () => {
    const root = folderWith(['dir/sub'])
    const watch = new WatchProcess()
    await watch.ask({ ask: 'limit', name: 'max_inotify_instances', value: 0 })
    const unwatched = await watch.ask({ ask: 'start', root })
    expect(unwatched.count).toBe(3)
    expect(unwatched.directories.toSorted()).toEqual(['', 'dir', 'dir/sub'])
    expect((await watch.ask({ ask: 'rewatch' })).count).toBe(3)
    await watch.ask({ ask: 'limit', name: 'max_inotify_instances', value: 10 })
    expect(await watch.ask({ ask: 'rewatch' })).toEqual({ count: 0, directories: [] })
    writeFileSync(join(root, 'new'), '')
    appendFileSync(join(root, 'dir/sub/file'), 'x')
    await watch.hears('new')
    await watch.hears('dir/sub/file')
    expect(await watch.end()).toBe(0)
  })
})
