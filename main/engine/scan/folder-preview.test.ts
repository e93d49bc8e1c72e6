import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { previewFolder } from './folder-preview.ts'
import { createIgnoreRules } from './ignore-rules.ts'

const rules = (file: string | null, own: string | null = null) =>
  createIgnoreRules({ settings: '', file, own: own as never })

function folderWith(...paths: readonly string[]) {
  const root = tempFolder()
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), 'four')
  }
  return root
}

const calm = () => ({ clock: new FakeClock(), limitMs: 1000 })

describe('previewFolder', () => {
  it('counts what would be sent, and says of the rest why not, with samples', async () => {
    const root = folderWith('a', 'b/c', 'Thumbs.db', 'b/Thumbs.db', 'b/.DS_Store', 'b/x.part', 'node_modules/x/y', 'p')
    symlinkSync('a', join(root, 'link'))
    const { files, bytes, skipped, complete } = await previewFolder(root, rules('node_modules/\np', null), calm())
    expect({ files, bytes, complete }).toEqual({ files: 2, bytes: 8, complete: true })
    const sorted = skipped.map((kind) => ({ ...kind, samples: kind.samples.toSorted() }))
    expect(sorted.slice(0, 2)).toEqual([
      { reason: 'ignored', source: 'built-in', count: 4, samples: expect.any(Array) },
      { reason: 'ignored', source: '.pailignore', count: 2, samples: ['node_modules', 'p'] },
    ])
    expect(sorted[0]?.samples).toHaveLength(3)
    expect(sorted[2]).toEqual({ reason: 'symlink', source: null, count: 1, samples: ['link'] })
  })

  it("leaves out Pail's own data below the folder", async () => {
    const root = folderWith('docs/a', 'pail/pail.db')
    const { files, skipped } = await previewFolder(root, rules(null, 'pail'), calm())
    expect([files, skipped]).toEqual([1, [{ reason: 'ignored', source: 'own-data', count: 1, samples: ['pail'] }]])
  })

  it('stops when its time is up, and says that there is more', async () => {
    const root = folderWith('a', 'b/c', 'd/e')
    const clock = new FakeClock()
    clock.advance(5)
    const { files, complete } = await previewFolder(root, rules(null), { clock, limitMs: 0 })
    expect([files, complete]).toEqual([1, false])
  })
})
