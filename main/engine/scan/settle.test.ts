import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RelativePath } from '../../../shared/ids.ts'
import type { Fingerprint } from '../model/entry.ts'
import { SettleWatch } from './settle.ts'

const path = 'a' as RelativePath
const NOW = 1_000_000
const coarse = (change: Partial<Fingerprint> = {}): Fingerprint => ({
  sizeBytes: 1,
  mtimeMs: NOW,
  ctimeMs: NOW,
  ino: 1,
  dev: 1,
  ...change,
})
/** Most drives know fractions of seconds. */
const file = (change: Partial<Fingerprint> = {}): Fingerprint => {
  const made = coarse(change)
  return { ...made, ctimeMs: made.ctimeMs - 0.25 }
}
const settled = { kind: 'settled' }
let changes = 0

/** Looks at one file, which has changed at the very moment of each look, or is the `same` as at the last one. */
function watched(watch: SettleWatch, what: 'changing' | 'same' = 'changing') {
  return (now: number) => {
    if (what === 'changing') {
      changes += 1
      last = file({ sizeBytes: changes, mtimeMs: now, ctimeMs: now })
    }
    return watch.judge(path, last, now)
  }
}
let last = file()

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

  it('waits for longer where the drive counts time in steps of two seconds', () => {
    const watch = new SettleWatch()
    const seen = coarse({ mtimeMs: NOW - 1000, ctimeMs: NOW - 1000 })
    expect(watch.judge(path, seen, NOW)).toEqual({ kind: 'not-yet', lookAgainInMs: 2000 })
    expect(watch.judge(path, seen, NOW + 2000)).toEqual(settled)
  })

  it('waits for a file that was written long ago and changed its attributes just now', () => {
    expect(new SettleWatch().judge(path, file({ mtimeMs: 5, ctimeMs: NOW }), NOW)).toMatchObject({ kind: 'not-yet' })
  })

  it('waits by the mtime where the ctime never changes, as on drives without one', () => {
    const seen = file({ mtimeMs: NOW - 300, ctimeMs: 5 })
    expect(new SettleWatch().judge(path, seen, NOW)).toEqual({ kind: 'not-yet', lookAgainInMs: 700 })
  })

  it('never asks for a look a fraction of a millisecond too early', () => {
    const seen = file({ mtimeMs: NOW - 300.5, ctimeMs: NOW - 300.25 })
    expect(new SettleWatch().judge(path, seen, NOW)).toEqual({ kind: 'not-yet', lookAgainInMs: 700 })
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

  it('takes a file whose mtime alone lies in the future by its ctime', () => {
    const odd = file({ mtimeMs: NOW + 1e9, ctimeMs: NOW - 5000 })
    expect(new SettleWatch().judge(path, odd, NOW)).toEqual(settled)
  })

  it('does not take a file with times in the future while its size keeps changing', () => {
    const watch = new SettleWatch()
    for (let i = 0; i < 50; i += 1) {
      const growing = file({ sizeBytes: i, mtimeMs: NOW + 1e9, ctimeMs: NOW + 1e9 })
      expect(watch.judge(path, growing, NOW + i * 1000).kind).toBe('not-yet')
    }
  })

  it('asks for more quiet the longer a file has been changing, up to half a minute', () => {
    const watch = new SettleWatch()
    const changing = watched(watch)
    const waits = Array.from({ length: 60 }, (_, second) => {
      const verdict = changing(NOW + second * 1000)
      return verdict.kind === 'not-yet' ? verdict.lookAgainInMs / 1000 : 0
    })
    // After 1, 3, 7, 15 and 31 seconds.
    expect([...new Set(waits)]).toEqual([1, 2, 4, 8, 16, 30])
    expect(waits.indexOf(30)).toBe(31)
    const same = watched(watch, 'same')
    expect(same(NOW + 59_000 + 29_999)).toEqual({ kind: 'not-yet', lookAgainInMs: 1 })
    expect(same(NOW + 59_000 + 30_000)).toEqual(settled)
  })

  it('begins anew with a second of quiet when a file changes after a minute of rest', () => {
    const watch = new SettleWatch()
    const changing = watched(watch)
    for (let second = 0; second < 10; second += 1) changing(NOW + second * 1000)
    expect(changing(NOW + 59_000)).toMatchObject({ lookAgainInMs: 16_000 })
    expect(changing(NOW + 59_000 + 60_000)).toMatchObject({ lookAgainInMs: 1000 })
  })

  it('settles the same content again when it is asked about again', () => {
    const watch = new SettleWatch()
    const quiet = file({ mtimeMs: NOW - 2000, ctimeMs: NOW - 2000 })
    for (const later of [0, 1, 500, 30_000, 100_000]) expect(watch.judge(path, quiet, NOW + later)).toEqual(settled)
  })

  it('takes a file that never rests after a minute, and then every five minutes, however often it changes', () => {
    const changing = watched(new SettleWatch())
    const taken: number[] = []
    for (let second = 0; second < 1000; second += 1) {
      const verdict = changing(NOW + second * 1000)
      if (verdict.kind === 'not-yet') continue
      expect(verdict).toEqual({ kind: 'settled', isRestless: true })
      taken.push(second)
    }
    expect(taken).toEqual([60, 360, 660, 960])
  })

  it('settles a restless file again as long as it is the same, and counts from when it was taken', () => {
    const watch = new SettleWatch()
    const changing = watched(watch)
    for (let second = 0; second <= 60; second += 1) changing(NOW + second * 1000)
    expect(watched(watch, 'same')(NOW + 100_000)).toEqual({ kind: 'settled', isRestless: true })
    expect(changing(NOW + 101_000).kind).toBe('not-yet')
    for (let second = 102; second < 360; second += 1) expect(changing(NOW + second * 1000).kind).toBe('not-yet')
    expect(changing(NOW + 360_000).kind).toBe('settled')
  })

  it('does not believe the old times of a content that was not there a moment ago', () => {
    const watch = new SettleWatch()
    const old = { mtimeMs: NOW - 5000, ctimeMs: NOW - 5000 }
    expect(watch.judge(path, file(old), NOW)).toEqual(settled)
    expect(watch.judge(path, file({ ...old, sizeBytes: 2 }), NOW + 300)).toEqual({
      kind: 'not-yet',
      lookAgainInMs: 1700,
    })
  })

  it('takes a restless file that comes to rest without waiting for its turn', () => {
    const watch = new SettleWatch()
    const changing = watched(watch)
    for (let second = 0; second < 100; second += 1) changing(NOW + second * 1000)
    const same = watched(watch, 'same')
    expect(same(NOW + 99_000 + 1000)).toEqual({ kind: 'not-yet', lookAgainInMs: 59_000 })
    expect(same(NOW + 99_000 + 60_000)).toEqual(settled)
  })

  it('says since when and why a file is waited for', () => {
    const watch = new SettleWatch()
    expect(watch.waiting(path)).toBeNull()
    const changing = watched(watch)
    changing(NOW)
    changing(NOW + 5000)
    expect(watch.waiting(path)).toEqual({ since: NOW, why: 'changing', until: NOW + 7000, latest: NOW + 90_000 })
    for (let second = 6; second <= 70; second += 1) changing(NOW + second * 1000)
    expect(watch.waiting(path)).toEqual({ since: NOW, why: 'restless', until: NOW + 130_000, latest: NOW + 360_000 })
    watched(watch, 'same')(NOW + 130_000)
    expect(watch.waiting(path)).toBeNull()
    changing(NOW + 200_000)
    watch.forget(path)
    expect(watch.waiting(path)).toBeNull()
  })

  it('goes on as if no time had passed when the clock is set back', () => {
    const watch = new SettleWatch()
    const changing = watched(watch)
    for (let second = 0; second < 10; second += 1) changing(NOW + second * 1000)
    const before = watch.waiting(path)
    const same = watched(watch, 'same')
    expect(same(5000)).toEqual({ kind: 'not-yet', lookAgainInMs: 8000 })
    expect(watch.waiting(path)).toEqual({ since: 5000 - 9000, why: before?.why, until: 13_000, latest: 86_000 })
    expect(same(13_000)).toEqual(settled)
  })

  it('takes a restless file every five minutes though the clock is set back an hour', () => {
    const changing = watched(new SettleWatch())
    const taken: number[] = []
    for (let second = 0; second < 400; second += 1) {
      const hour = second < 100 ? 0 : -3_600_000
      if (changing(NOW + hour + second * 1000).kind === 'settled') taken.push(second)
    }
    // No time passes with the look at which the clock is found to be set back.
    expect(taken).toEqual([60, 361])
  })

  it('takes all of very many files with times in the future, though it cannot remember them at once', () => {
    const watch = new SettleWatch()
    const future = file({ mtimeMs: NOW + 1e9, ctimeMs: NOW + 1e9 })
    let waiting = Array.from({ length: 25_000 }, (_, i) => `f${i}` as RelativePath)
    let looks = 0
    for (; waiting.length > 0 && looks < 10; looks += 1) {
      waiting = waiting.filter((name) => watch.judge(name, future, NOW + looks * 1000).kind === 'not-yet')
    }
    expect(waiting).toEqual([])
  })

  it('makes room for files by forgetting those that nobody asked about for long', () => {
    const watch = new SettleWatch()
    const future = file({ mtimeMs: NOW + 1e9, ctimeMs: NOW + 1e9 })
    for (let i = 0; i < 10_000; i += 1) watch.judge(`f${i}` as RelativePath, future, NOW)
    watch.judge(path, future, NOW + 1000)
    expect(watch.waiting(path)).toBeNull()
    watch.judge(path, future, NOW + 400_000)
    expect(watch.waiting(path)).not.toBeNull()
  })

  it('begins anew with a file it was told to forget', () => {
    const watch = new SettleWatch()
    const future = file({ mtimeMs: NOW + 1e9, ctimeMs: NOW + 1e9 })
    watch.judge(path, future, NOW)
    watch.forget(path)
    expect(watch.judge(path, future, NOW + 1000)).toMatchObject({ kind: 'not-yet' })
  })
})

/** One file that changes after each of `gaps`, looked at so late after the verdict says so, and after each of `extraLooks`. */
function history(gaps: readonly number[], extraLooks: readonly number[], lateMs = 0) {
  const watch = new SettleWatch()
  const changeAt = gaps.reduce<readonly number[]>((times, gap) => [...times, (times.at(-1) ?? NOW) + gap], [NOW])
  const end = (changeAt.at(-1) ?? NOW) + 400_000
  const extra = extraLooks.map((after) => NOW + after).sort((a, b) => a - b)
  const taken: {
    readonly at: number
    readonly quietMs: number
    readonly changesBefore: number
    readonly isRestless: boolean
  }[] = []
  let lookAt: number | null = NOW
  while (lookAt !== null || extra.length > 0) {
    const now = Math.min(lookAt ?? Infinity, extra[0] ?? Infinity)
    if (now > end) break
    if (now === extra[0]) extra.shift()
    const changesBefore = changeAt.filter((at) => at <= now).length
    const changedAt = changeAt[changesBefore - 1] ?? NOW
    const seen = file({ sizeBytes: changesBefore, mtimeMs: changedAt, ctimeMs: changedAt })
    const verdict = watch.judge(path, seen, now)
    if (verdict.kind === 'not-yet') {
      expect(verdict.lookAgainInMs).toBeGreaterThan(0)
      lookAt = now + verdict.lookAgainInMs + lateMs
      continue
    }
    if (taken.at(-1)?.changesBefore !== changesBefore) {
      taken.push({ at: now, quietMs: now - changedAt, changesBefore, isRestless: verdict.isRestless === true })
    }
    // The next change gives a hint.
    lookAt = changeAt.find((at) => at > now) ?? null
  }
  return { taken, changes: changeAt.length, lastChangeAt: changeAt.at(-1) ?? NOW }
}

describe('SettleWatch, through random histories', { timeout: 60_000 }, () => {
  const looks = fc.array(fc.integer({ min: 0, max: 600_000 }), { maxLength: 60 })
  const gapsUpTo = (maxMs: number) => fc.array(fc.integer({ min: 1, max: maxMs }), { maxLength: 60 })

  it('takes no file but a restless one within a second of its last change', () => {
    fc.assert(
      fc.property(gapsUpTo(90_000), looks, (gaps, extraLooks) => {
        for (const { quietMs, isRestless } of history(gaps, extraLooks).taken) {
          if (!isRestless) expect(quietMs).toBeGreaterThanOrEqual(1000)
        }
      }),
    )
  })

  it('takes every file in its last form within a minute after its last change', () => {
    fc.assert(
      fc.property(gapsUpTo(90_000), looks, (gaps, extraLooks) => {
        const { taken, changes, lastChangeAt } = history(gaps, extraLooks)
        expect(taken.at(-1)?.changesBefore).toBe(changes)
        expect((taken.at(-1)?.at ?? Infinity) - lastChangeAt).toBeLessThanOrEqual(60_000)
      }),
    )
  })

  it('takes a file that never rests for a second once a minute is over, and once in five minutes', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1500, maxLength: 2000 })
    fc.assert(
      fc.property(gaps, looks, fc.integer({ min: 0, max: 900 }), (ms, extraLooks, lateMs) => {
        const { taken, lastChangeAt } = history(ms, extraLooks, lateMs)
        const whileChanging = taken.filter(({ at }) => at < lastChangeAt)
        expect(whileChanging[0]?.at).toBeGreaterThanOrEqual(NOW + 60_000)
        expect(whileChanging[0]?.at).toBeLessThanOrEqual(NOW + 91_000 + lateMs)
        whileChanging.slice(1).forEach(({ at }, i) => {
          expect(at - (whileChanging[i]?.at ?? 0)).toBeGreaterThanOrEqual(300_000)
          expect(at - (whileChanging[i]?.at ?? 0)).toBeLessThanOrEqual(301_000 + lateMs)
        })
      }),
      // Cases of 2,000 numbers get smaller for hours.
      { numRuns: 20, endOnFailure: true },
    )
  })

  it('takes a file that keeps changing within the minute at most eight times in five minutes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 59_999 }), { minLength: 20, maxLength: 60 }),
        looks,
        (gaps, extraLooks) => {
          const { taken, lastChangeAt } = history(gaps, extraLooks)
          const times = taken.map(({ at }) => at).filter((at) => at < lastChangeAt)
          for (const from of times)
            expect(times.filter((at) => at >= from && at < from + 300_000).length).toBeLessThanOrEqual(8)
        },
      ),
    )
  })
})
