import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { NOW, openStateBench } from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { writeFile } from '../../../test/support/test-bench.ts'
import { systemClock } from '../lib/clock.ts'
import type { Drop } from '../model/drop.ts'
import type { State } from '../state/state.ts'
import { readFolder } from './read-folder.ts'

const place = {
  bucketId: 'b',
  bucketName: 'bucket',
  bucketType: 'allPrivate',
  prefix: '',
  onConflict: 'keep-both',
} as const

let state: State
let home: AbsolutePath
beforeEach(() => {
  ;({ state } = openStateBench())
  home = tempFolder()
})

function drop(name: string): Drop {
  state.drops.add(state.drops.addSource(home, place, 'mark'), {
    path: name as RelativePath,
    isFolder: true,
    sizeBytes: 0,
  })
  const folder = state.drops.findFolder()
  if (folder === undefined) throw new Error('not added')
  return folder
}

const read = (folder: Drop, onChange: () => void = () => undefined) =>
  readFolder(folder, {
    state,
    clock: systemClock,
    dataFolder: join(home, 'data') as AbsolutePath,
    signal: new AbortController().signal,
    onChange,
  })

describe('a dropped folder', () => {
  it('fails where it goes while it is read, as nobody would know of what is missing', async () => {
    writeFile(join(home, 'stick/a'), 'a')
    writeFile(join(home, 'stick/in/b'), 'b')
    const folder = drop('stick')
    await read(folder, () => {
      renameSync(join(home, 'stick'), join(home, 'elsewhere'))
    })
    expect(state.drops.find(folder.dropId)).toMatchObject({ state: 'failed', code: 'dropped_file_gone' })
    expect(state.drops.listDue(NOW, 9).map(({ path }) => path)).toEqual(['stick/a'])
    renameSync(join(home, 'elsewhere'), join(home, 'stick'))
    state.drops.retry(null)
    await read(folder)
    expect(state.drops.find(folder.dropId)).toBeUndefined()
    expect(state.drops.listDue(NOW, 9).map(({ path }) => path)).toEqual(['stick/a', 'stick/in/b'])
  })

  it('lets the engine do other things while the files of one directory are written down, and can be cancelled then', async () => {
    for (let i = 0; i < 600; i += 1) writeFile(join(home, `many/${i}`), '')
    const reading = read(drop('many'))
    // The first of them are there while others are still to come.
    while (state.drops.totals().waiting.files === 0) await new Promise(setImmediate)
    expect(state.drops.totals().waiting.files).toBeLessThan(600)
    state.drops.remove(null)
    await reading
    expect(state.drops.totals()).toMatchObject({ reading: { files: 0 }, waiting: { files: 0 }, failed: { files: 0 } })
  })
})
