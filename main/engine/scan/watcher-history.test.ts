/** Whatever happens to a tree, every directory that is there in the end is watched, and no other. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { waitFor } from '../../../test/support/wait-for.ts'
import { watchFolder } from './watcher.ts'

const NAMES = ['a', 'b', 'c', 'd']

/** A small generator of numbers from 0 to 1 (mulberry32): the same seed gives the same history. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Absolute paths of all directories below one, itself included. */
function directoriesIn(path: string): readonly string[] {
  const below = readdirSync(path, { withFileTypes: true }).filter((dirent) => dirent.isDirectory())
  return [path, ...below.flatMap(({ name }) => directoriesIn(join(path, name)))]
}

/** How many directories this process watches. */
function watchCount(): number {
  const lines = readdirSync('/proc/self/fdinfo').flatMap((fd) => {
    const path = `/proc/self/fdinfo/${fd}`
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
  })
  return lines.filter((line) => line.startsWith('inotify ')).length
}

/** Does something to the tree; things that cannot be done are left out. */
function change(root: string, away: string, random: () => number): void {
  const pick = <T>(things: readonly T[]): T => things[Math.floor(random() * things.length)] as T
  const directories = directoriesIn(root)
  const some = pick(directories)
  const target = join(pick(directories), pick(NAMES))
  const isWithin = (target + '/').startsWith(some + '/')
  const kind = random()
  if (kind < 0.25) mkdirSync(target, { recursive: true })
  else if (kind < 0.35) mkdirSync(join(target, pick(NAMES), pick(NAMES)), { recursive: true })
  else if (kind < 0.5) writeFileSync(join(some, `file-${pick(NAMES)}`), 'x')
  else if (some === root) return
  else if (kind < 0.7 && !isWithin) {
    if (random() < 0.5) rmSync(target, { recursive: true, force: true })
    if (!existsSync(target) && existsSync(dirname(target)) && existsSync(some)) renameSync(some, target)
  } else if (kind < 0.8) {
    rmSync(some, { recursive: true })
    if (random() < 0.5) mkdirSync(some)
  } else if (kind < 0.9) renameSync(some, join(mkdtempSync(join(away, 'x-')), 'out'))
  else {
    const out = pick(directoriesIn(away))
    if (out !== away && !existsSync(target)) renameSync(out, target)
  }
}

/** Whether there is a hint at this path, or at a directory above it, which stands for all that is in it. */
function isCovered(path: string, hints: ReadonlySet<string>): boolean {
  const names = path.split('/')
  return hints.has('') || names.some((_, i) => hints.has(names.slice(0, i + 1).join('/')))
}

describe('watchFolder, through random histories', () => {
  const seeds = Array.from({ length: 20 }, () => Math.floor(Math.random() * 2 ** 31))

  it.runIf(process.platform === 'linux').each(seeds)(
    'watches exactly what is there (seed %i)',
    async (seed) => {
      const random = randomFrom(seed)
      const root: AbsolutePath = tempFolder()
      const away = tempFolder()
      const before = watchCount()
      const hints = new Set<string>()
      const watch = watchFolder(root, () => false, {
        onHint: (path) => void hints.add(path),
        onChange: () => undefined,
      })
      onTestFinished(() => watch.close())
      for (let i = 0; i < 60; i += 1) {
        change(root, away, random)
        if (random() < 0.3) await new Promise(setImmediate)
      }
      await watch.ready
      await waitFor(
        `as many watches as directories (seed ${seed})`,
        () => watchCount() - before === directoriesIn(root).length,
        30_000,
      )
      hints.clear()
      const probes = directoriesIn(root).map((directory) => join(directory, 'probe'))
      for (const probe of probes) writeFileSync(probe, '')
      const missed = () => probes.map((probe) => probe.slice(root.length + 1)).filter((path) => !isCovered(path, hints))
      await waitFor(`hints at all changes (seed ${seed})`, () => missed().length === 0, 30_000)
      expect(watch.unwatched.count).toBe(0)
    },
    60_000,
  )
})
