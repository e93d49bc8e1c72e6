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

import { lstatSync } from 'node:fs'
let log: unknown[] = []
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
  log.push([kind.toFixed(2), some, target])
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

describe('watchFolder, through random histories', () => {
  const seeds = Array.from({ length: 60 }, () => Math.floor(Math.random() * 2 ** 31))

  it.runIf(process.platform === 'linux').each(seeds)('watches exactly what is there (seed %i)', async (seed) => {
    log = []
    const random = randomFrom(seed)
    const root: AbsolutePath = tempFolder()
    const away = tempFolder()
    const before = watchCount()
    const hints = new Set<string>()
    const watch = watchFolder(root, () => false, { onHint: (path) => void (hints.add(path), log.push(path)), onChange: () => undefined })
    onTestFinished(() => watch.close())
    for (let i = 0; i < 60; i += 1) {
      change(root, away, random)
      if (random() < 0.3) await new Promise(setImmediate)
    }
    let phase = 'ready'; setTimeout(() => { if (phase !== 'done') process.stderr.write(JSON.stringify([seed, phase, root, log]) + '\n') }, 4000).unref()
    await watch.ready; phase = 'count'
    await waitFor('x', () => watchCount() - before === directoriesIn(root).length, 2000).catch(() => {
      const wd = readdirSync('/proc/self/fdinfo').flatMap((fd) => { try { return readFileSync('/proc/self/fdinfo/' + fd, 'utf8').split('\n') } catch { return [] } }).filter((l) => l.startsWith('inotify ')).map((l) => parseInt(/ino:([0-9a-f]+)/.exec(l)![1]!, 16))
      const all = [...directoriesIn(root), ...directoriesIn(away)].map((d) => [d, lstatSync(d).ino] as const)
      console.log(seed, before, wd.length, root, away, 'unwatched', all.filter(([d, i]) => d.startsWith(root) && !wd.includes(i)), 'extra', wd.filter((i) => !all.some(([d, j]) => j === i && d.startsWith(root))).map((i) => all.find(([, j]) => j === i) ?? i), 'dup', wd.filter((w, i) => wd.indexOf(w) !== i), log)
      throw new Error('failed')
    })
    phase = 'probes'
    const probes = directoriesIn(root).map((directory) => join(directory, 'probe'))
    for (const probe of probes) writeFileSync(probe, '')
    const expected = probes.map((probe) => probe.slice(root.length + 1))
    await waitFor(
      `hints at ${expected.join(', ')} (seed ${seed})`,
      () => expected.every((path) => hints.has(path)),
      10_000,
    )
    phase='done'
    expect(watch.unwatched.count).toBe(0)
  })
})
