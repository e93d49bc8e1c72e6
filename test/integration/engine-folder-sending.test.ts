/** When the files of a folder go, and whose go first: as it is set for each folder, from that moment on. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FolderId } from '../../shared/ids.ts'
import type { FolderSettingsChange } from '../../shared/model/folder.ts'
import { Weekday, type WeekTimes } from '../../shared/model/week-times.ts'
import { createScenarioClock, type ScenarioClock } from '../support/scenario-clock.ts'
import { openBench, writeFile, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

let bench: Bench
afterEach(() => bench.close())

/** Two folders that are in sync. */
async function beginTwo(): Promise<readonly [FolderId, FolderId]> {
  const ids: FolderId[] = []
  await bench.connect()
  bench.engine.start()
  for (const name of ['one', 'two']) {
    mkdirSync(join(bench.home, name))
    await bench.addFolder(join(bench.home, name), `${name}/`)
    ids.push(bench.folderId)
  }
  await bench.untilStatus('up-to-date')
  const [one, two] = ids
  if (one === undefined || two === undefined) throw new Error('there are two')
  return [one, two]
}
const write = (folder: string, name: string) => writeFile(join(bench.home, folder, name), `${folder} ${name}`)
const set = (folderId: FolderId, settings: FolderSettingsChange) =>
  bench.engine.api.updateFolder({ folderId, settings })

describe('the priority of a folder', () => {
  beforeEach(async () => {
    bench = await openBench()
  })

  it('gives it most of the turns from the moment it is set, and others some', async () => {
    const [one, two] = await beginTwo()
    await bench.engine.api.setMaxTransfers({ maxTransfers: 1 })
    await bench.engine.api.pause(undefined)
    for (let i = 0; i < 40; i += 1) for (const folder of ['one', 'two']) write(folder, `file ${i}`)
    await bench.untilSnapshot('all to wait', ({ transfers }) => transfers.waitingCount === 80)
    await set(one, { priority: 'last' })
    await set(two, { priority: 'first' })
    await bench.engine.api.resume(undefined)
    await waitFor('all of them', () => bench.uploads().length === 80)
    const firstOnes = bench.uploads().slice(0, 34)
    expect(firstOnes.filter((name) => name.startsWith('two/')).length).toBeGreaterThanOrEqual(31)
    expect(firstOnes.some((name) => name.startsWith('one/'))).toBe(true)
  })
})

describe('the hours in which a folder sends', () => {
  const HOUR = 3_600_000
  let clock: ScenarioClock

  /** From so many hours from now until so many, every day, by the clock on the wall. */
  function hours(from: number, to: number): WeekTimes[] {
    const wall = (after: number): string => {
      const then = new Date(clock.now() + after * HOUR)
      return `${String(then.getHours()).padStart(2, '0')}:00`
    }
    return [{ days: [...Weekday.options], from: wall(from), to: wall(to) }]
  }
  const snapshot = () => bench.engine.snapshot()

  beforeEach(async () => {
    clock = createScenarioClock(10)
    bench = await openBench({ clock })
  })

  it('end at once when they are set, also for what is on its way: it waits, and others do not', async () => {
    const [one] = await beginTwo()
    bench.emulator.failNext('upload_file', { kind: 'stall-before' })
    write('one', 'under way')
    await bench.untilSnapshot('the upload', ({ transfers }) => transfers.sendingCount === 1)
    await set(one, { sendingTimes: hours(2, 4) })
    const { status } = await bench.untilSnapshot('it to wait', ({ folders }) => folders[0]?.status.kind === 'waiting')
    const opensAt = status.kind === 'waiting' ? (status.nextAttemptAt ?? 0) : 0
    expect(status).toMatchObject({ kind: 'waiting', files: 1, code: null, isOutOfHours: true })
    expect(opensAt - clock.now()).toBeGreaterThan(HOUR)
    expect(opensAt - clock.now()).toBeLessThanOrEqual(2 * HOUR)
    expect(snapshot().transfers).toMatchObject({ sendingCount: 0, waitingCount: 1 })
    const explained = await bench.engine.api.explainPath({ folderId: one, path: 'under way' as never })
    expect(explained).toEqual({ kind: 'out-of-hours', until: opensAt })
    expect((await bench.rows()).waiting.map(({ why }) => why)).toEqual([{ kind: 'out-of-hours', until: opensAt }])

    write('two', 'another')
    await waitFor('the other one', () => bench.uploads().includes('two/another'))
    expect(bench.uploads()).not.toContain('one/under way')

    await set(one, { sendingTimes: [] })
    await bench.untilStatus('up-to-date')
    expect(bench.uploads()).toContain('one/under way')
    expect(bench.emulator.fileVersions('pail-tests')).toHaveLength(2)
  })

  it('let a folder be looked at outside them, and what was found be sent, and hidden, once they have come', async () => {
    const [one] = await beginTwo()
    write('one', 'to stay')
    write('one', 'to go')
    await waitFor('both', () => bench.uploads().length === 2)
    await bench.untilStatus('up-to-date')
    await set(one, { sendingTimes: hours(2, 4) })
    expect(bench.status().kind).not.toBe('waiting')
    write('one', 'new')
    rmSync(join(bench.home, 'one', 'to go'))
    await bench.untilSnapshot('a look at both', ({ transfers }) => transfers.waitingCount === 2)
    await bench.untilSnapshot('both to wait', ({ status }) => status.kind === 'waiting' && status.files === 2)
    expect([bench.uploads().length, bench.hides()]).toEqual([2, []])

    clock.jump(2 * HOUR)
    // A person who comes back from a break looks; without that it takes a minute.
    await bench.engine.api.checkNow({})
    await bench.untilStatus('up-to-date')
    expect([bench.uploads().at(-1), bench.hides()]).toEqual(['one/new', ['one/to go']])
  })

  it('outlive a restart', async () => {
    const [one] = await beginTwo()
    await set(one, { sendingTimes: hours(2, 4) })
    await bench.stopEngine()
    write('one', 'meanwhile')
    bench.restartEngine()
    await bench.untilSnapshot('it to wait', ({ status }) => status.kind === 'waiting')
    expect(bench.uploads()).toEqual([])
  })
})
