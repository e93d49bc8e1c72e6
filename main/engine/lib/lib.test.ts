import { describe, expect, it, onTestFinished } from 'vitest'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { systemClock } from './clock.ts'
import { asPrefix, joinRelative, splitRelative, toAbsolute, toRelative, toRemoteName } from './paths.ts'
import { sha1OfStream } from './stream-hash.ts'
import { throttle } from './throttle.ts'
import { Wake } from './wake.ts'

const relative = (path: string) => path as RelativePath
const never = new AbortController().signal
const turn = () => new Promise(setImmediate)

describe('paths', () => {
  it.each(['a', 'a/b', 'a/b/c.txt', ' ', 'a/ b', 'back\\slash', '...', 'ä/🪣', 'line\nbreak'])(
    'take %j apart and put it together again',
    (path) => {
      expect(joinRelative(...splitRelative(relative(path)))).toBe(path)
      expect(toRelative('/photos' as AbsolutePath, toAbsolute('/photos' as AbsolutePath, relative(path)))).toBe(path)
    },
  )

  it.each<[string, string, string | null]>([
    ['/photos', '/photos', ''],
    ['/photos', '/photos/a/b', 'a/b'],
    ['/photos', '/photos-old/a', null],
    ['/photos', '/', null],
    ['/photos', '/other', null],
    ['/', '/a/b', 'a/b'],
    ['/', '/', ''],
  ])('below %s: %s is %j', (root, path, expected) => {
    expect(toRelative(root as AbsolutePath, path)).toBe(expected)
  })

  it('put the prefix before a name', () => {
    expect([toRemoteName('', relative('a')), toRemoteName('p/q/', relative('a/b'))]).toEqual(['a', 'p/q/a/b'])
  })

  it.each([
    ['', ''],
    ['/', ''],
    ['  ', ''],
    ['a', 'a/'],
    ['/a/b/', 'a/b/'],
    [' a b ', 'a b/'],
    ['///a', 'a/'],
  ])('make of %j the prefix %j', (typed, prefix) => {
    expect(asPrefix(typed)).toBe(prefix)
  })
})

describe('sha1OfStream', () => {
  const stream = async function* (...chunks: readonly string[]) {
    for (const chunk of chunks) yield Buffer.from(chunk)
  }
  it('hashes what a stream holds', async () => {
    expect(await sha1OfStream(stream('a', '', 'bc'), never)).toBe('a9993e364706816aba3e25717850c26c9cd0d89d')
    expect(await sha1OfStream(stream(), never)).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709')
  })
  it('ends with the reason of its signal', async () => {
    const reason = new Error('enough')
    await expect(sha1OfStream(stream('a'), AbortSignal.abort(reason))).rejects.toBe(reason)
  })
})

describe('throttle', () => {
  it('folds calls into one for each interval, and never loses the last', async () => {
    const clock = new FakeClock()
    let runs = 0
    const { call, stop } = throttle(clock, 200, () => (runs += 1))
    onTestFinished(stop)
    const advance = async (ms: number): Promise<number> => {
      clock.advance(ms)
      await turn()
      return runs
    }
    for (let i = 0; i < 5; i += 1) call()
    expect(await advance(0)).toBe(1)
    call()
    call()
    expect([await advance(199), await advance(1), await advance(1000)]).toEqual([1, 2, 2])
    call()
    expect(await advance(0)).toBe(3)
  })

  it('does nothing after it is stopped, also with a call on its way', async () => {
    const clock = new FakeClock()
    let runs = 0
    const { call, stop } = throttle(clock, 200, () => (runs += 1))
    call()
    stop()
    call()
    clock.advance(1000)
    await turn()
    expect(runs).toBe(0)
  })

  it('waits no longer than that when the clock was set back', async () => {
    const clock = new FakeClock()
    const { call } = throttle(clock, 200, () => undefined)
    call()
    clock.advance(200)
    await new Promise(setImmediate)
    clock.advance(-864_000_000)
    call()
    expect(clock.sleeps.at(-1)).toBe(200)
  })
})

describe('Wake', () => {
  it('sleeps for the time it is given', async () => {
    const clock = new FakeClock()
    const slept = new Wake(clock).sleep(500, never).then(() => clock.now())
    const start = clock.now()
    clock.advance(500)
    expect((await slept) - start).toBe(500)
  })

  it('is ended by a ring and by its signal, and never throws', async () => {
    const wake = new Wake(new FakeClock())
    const rung = wake.sleep(null, never)
    wake.ring()
    await rung
    const abort = new AbortController()
    const aborted = wake.sleep(null, abort.signal)
    abort.abort(new Error('stop'))
    await aborted
    await wake.sleep(null, abort.signal)
  })

  it('is ended once by all who ring within one turn', async () => {
    const clock = new FakeClock()
    const wake = new Wake(clock)
    const rung = wake.sleep(null, never)
    wake.ring()
    wake.ring()
    await rung
    wake.ring()
    wake.ring()
    await wake.sleep(null, never)
    void wake.sleep(1000, never)
    await turn()
    expect(clock.sleeping).toBe(1)
  })

  it('does not begin when it was rung before, once', async () => {
    const clock = new FakeClock()
    const wake = new Wake(clock)
    wake.ring()
    wake.ring()
    await wake.sleep(null, never)
    void wake.sleep(1000, never)
    await turn()
    expect(clock.sleeping).toBe(1)
  })
})

describe('systemClock', () => {
  it('does not begin a sleep whose signal is aborted', async () => {
    const reason = new Error('enough')
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason)
  })

  it('ends a sleep with the reason of its signal', async () => {
    const reason = new Error('enough')
    const abort = new AbortController()
    const sleep = systemClock.sleep(60_000, abort.signal)
    abort.abort(reason)
    await expect(sleep).rejects.toBe(reason)
  })
})
