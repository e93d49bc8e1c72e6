/** The disk that holds Pail's records is full: a real one, of some megabytes. */
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBench, type Bench } from '../support/test-bench.ts'
import { canMountTinyDisk, mountTinyDisk, unmount } from '../support/tiny-disk.ts'
import { waitFor } from '../support/wait-for.ts'

let bench: Bench

function fill(file: string): void {
  const { bavail, bsize } = statfsSync(join(file, '..'))
  writeFileSync(file, Buffer.alloc(bavail * bsize))
}

describe.runIf(canMountTinyDisk())('a full disk under the data folder', () => {
  beforeEach(async () => {
    bench = await openBench({ prepareDataFolder: mountTinyDisk })
    bench.write('before', 'x')
    await bench.begin()
    bench.emulator.clearCalls()
  })
  afterEach(async () => {
    await bench.stopEngine()
    unmount(bench.dataFolder)
    await bench.close()
  })

  it('is one clear problem, loses nothing, sends nothing twice, and is over by itself', async () => {
    fill(join(bench.dataFolder, 'ballast'))
    for (let i = 0; i < 120; i += 1) bench.write(`${'long-name-'.repeat(15)}${i}`, `${i}`)
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'disk_full' })
    expect(bench.problems().map(({ code }) => code)).toContain('disk_full')
    rmSync(join(bench.dataFolder, 'ballast'))
    await bench.untilInSync()
    expect(new Set(bench.uploads()).size).toBe(bench.uploads().length)
    expect(bench.problems()).toEqual([])
  })

  it('that fills up while files are sent sends none of them twice', async () => {
    bench.emulator.setLatency(150)
    for (let i = 0; i < 40; i += 1) bench.write(`${'long-name-'.repeat(15)}${i}`, `${i}`)
    await waitFor('uploads under way', () => bench.emulator.inFlight >= 4)
    fill(join(bench.dataFolder, 'ballast'))
    expect(await bench.untilStatus('problem')).toMatchObject({ code: 'disk_full' })
    bench.emulator.setLatency(0)
    rmSync(join(bench.dataFolder, 'ballast'))
    await bench.untilInSync()
    expect(new Set(bench.uploads()).size).toBe(bench.uploads().length)
  })
})
