import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { previewIgnored } from './ignore-preview.ts'
import { createIgnoreRules } from './ignore-rules.ts'

const rules = (settings: string) => createIgnoreRules({ settings, file: null, own: null })

function folderWith(...paths: readonly string[]) {
  const root = tempFolder()
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), 'four')
  }
  return root
}

const calm = () => ({ signal: new AbortController().signal, limitMs: 1000, clock: new FakeClock() })

describe('previewIgnored', () => {
  it('counts what other rules leave out that is sent today, also in whole directories', async () => {
    const root = folderWith('a.log', 'keep.txt', 'cache/x', 'cache/deep/y', 'old.tmp', 'Thumbs.db', '.pail-folder')
    const preview = await previewIgnored({
      ...calm(),
      root,
      current: rules('*.tmp'),
      candidate: rules('*.tmp\n*.log\ncache/\nThumbs.db'),
    })
    expect({ ...preview, samples: preview.samples.toSorted() }).toEqual({
      files: 3,
      bytes: 12,
      samples: ['a.log', 'cache/deep/y', 'cache/x'],
      complete: true,
    })
  })

  it('finds nothing where other rules leave out less', async () => {
    const root = folderWith('a.log', 'b')
    const preview = await previewIgnored({ ...calm(), root, current: rules('*.log'), candidate: rules('') })
    expect(preview).toEqual({ files: 0, bytes: 0, samples: [], complete: true })
  })

  it('names twenty files at most', async () => {
    const root = folderWith(...Array.from({ length: 30 }, (_, i) => `f${i}`))
    const preview = await previewIgnored({ ...calm(), root, current: rules(''), candidate: rules('f*') })
    expect(preview).toMatchObject({ files: 30, bytes: 120 })
    expect(preview.samples).toHaveLength(20)
  })

  it('stops counting when time is up, and says so', async () => {
    const root = folderWith('a/1', 'b/2', 'c/3')
    const clock = new FakeClock()
    const slow = { ...rules(''), isIgnored: () => (clock.advance(400), false) }
    const preview = await previewIgnored({ ...calm(), clock, root, current: slow, candidate: rules('*') })
    expect(preview.complete).toBe(false)
    expect(preview.files).toBeLessThan(3)
  })

  it('says so when it is aborted', async () => {
    const root = folderWith('a')
    const signal = AbortSignal.abort()
    const preview = await previewIgnored({ ...calm(), signal, root, current: rules(''), candidate: rules('*') })
    expect(preview.complete).toBe(false)
  })
})
