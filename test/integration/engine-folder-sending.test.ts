/** When the files of a folder go, and whose go first: as it is set for each folder, from that moment on. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FolderId } from '../../shared/ids.ts'
import type { FolderSettingsChange } from '../../shared/model/folder.ts'
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
