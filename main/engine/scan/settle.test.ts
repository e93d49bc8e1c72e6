import { describe, expect, it } from 'vitest'
import type { RelativePath } from '../../../shared/ids.ts'
import type { Fingerprint } from '../model/entry.ts'
import { SettleWatch } from './settle.ts'

const path = 'a' as RelativePath
const NOW = 1_000_000
const file = (change: Partial<Fingerprint> = {}): Fingerprint => ({
  sizeBytes: 1,
  mtimeMs: NOW,
  ctimeMs: NOW,
  ino: 1,
  dev: 1,
  ...change,
})
const settled = { kind: 'settled' }

describe('SettleWatch', () => {
  it('takes a file at once that has been quiet for a second', () => {
    expect(new SettleWatch().judge(path, file({ mtimeMs: NOW - 1000, ctimeMs: NOW - 1000 }), NOW)).toEqual(settled)
  })

  it('says when to look again at one that has not', () => {
    const watch = new SettleWatch()
    expect(watch.judge(path, file({ mtimeMs: NOW - 300, ctimeMs: NOW - 300 }), NOW)).toEqual({
      kind: 'not-yet',
      lookAgainInMs: 700,
    })
    expect(watch.judge(path, file({ mtimeMs: NOW - 300, ctimeMs: NOW - 300 }), NOW + 700)).toEqual(settled)
  })

  it('waits for a file that was written long ago and changed its attributes just now', () => {
    expect(new SettleWatch().judge(path, file({ mtimeMs: 5, ctimeMs: NOW }), NOW)).toMatchObject({ kind: 'not-yet' })
  })

  it('waits again when the file changes while it is waited for', () => {
    const watch = new SettleWatch()
    watch.judge(path, file(), NOW)
    expect(watch.judge(path, file({ mtimeMs: NOW + 900, ctimeMs: NOW + 900 }), NOW + 1000)).toEqual({
      kind: 'not-yet',
      lookAgainInMs: 900,
    })
  })

  it('takes a file with times in the future after two looks a second apart that agree', () => {
    const watch = new SettleWatch()
    const future = file({ mtimeMs: NOW + 1e9, ctimeMs: NOW + 1e9 })
    expect(watch.judge(path, future, NOW)).toEqual({ kind: 'not-yet', lookAgainInMs: 1000 })
    expect(watch.judge(path, future, NOW + 400)).toEqual({ kind: 'not-yet', lookAgainInMs: 600 })
    expect(watch.judge(path, future, NOW + 1000)).toEqual(settled)
  })

  it('never takes a file with times in the future whose size keeps changing', () => {
    const watch = new SettleWatch()
    for (let i = 0; i < 10; i += 1) {
      const growing = file({ sizeBytes: i, mtimeMs: NOW + 1e9, ctimeMs: NOW + 1e9 })
      expect(watch.judge(path, growing, NOW + i * 1000)).toEqual({ kind: 'not-yet', lookAgainInMs: 1000 })
    }
  })

  it('begins anew with a file it was told to forget', () => {
    const watch = new SettleWatch()
    const future = file({ mtimeMs: NOW + 1e9, ctimeMs: NOW + 1e9 })
    watch.judge(path, future, NOW)
    watch.forget(path)
    expect(watch.judge(path, future, NOW + 1000)).toMatchObject({ kind: 'not-yet' })
  })
})
