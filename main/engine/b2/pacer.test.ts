import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { VirtualTime } from '../../../test/support/simulated-link.ts'
import { Pacer } from './pacer.ts'

/** A server's way to count; true for a call that is let through. */
type Server = (now: number) => boolean

/** No second whatever has more than so many. */
function slidingSecond(limit: number): Server {
  let times: number[] = []
  return (now) => {
    times = times.filter((at) => at > now - 1000)
    if (times.length >= limit) return false
    times.push(now)
    return true
  }
}

/** Each second by the clock has so many. */
function secondsOfTheClock(limit: number): Server {
  let second = -1
  let count = 0
  return (now) => {
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000)
      count = 0
    }
    count += 1
    return count <= limit
  }
}

/** So many a second on the whole, and what was not used is saved up for a while. */
function savings(limit: number, most: number): Server {
  let saved = most
  let at = 0
  return (now) => {
    saved = Math.min(most, saved + ((now - at) * limit) / 1000)
    at = now
    if (saved < 1) return false
    saved -= 1
    return true
  }
}

const LATENCY_MS = 60

/** 64 callers that have always something to do, with a server that asks for a second of rest with each refusal. */
function play(server: Server, { callers = 64, seconds = 60 } = {}) {
  const time = new VirtualTime()
  const clock = new FakeClock({ startMs: 0 })
  const pacer = new Pacer(clock)
  const refusals: number[] = []
  const letThrough: number[] = []
  let pausedUntil = 0
  const at = (when: number, step: () => void): void => {
    time.at(when, () => {
      clock.advance(time.now - clock.uptime())
      step()
    })
  }
  const call = (caller: number): void => {
    const waitMs = pacer.reserve()
    at(time.now + waitMs, () => {
      // As the retry loop does: everybody waits a little longer than was asked, each differently.
      if (time.now < pausedUntil) {
        at(pausedUntil + (250 * caller) / callers, () => call(caller))
        return
      }
      at(time.now + LATENCY_MS / 2, () => {
        const isAllowed = server(time.now)
        at(time.now + LATENCY_MS / 2, () => {
          if (isAllowed) {
            letThrough.push(time.now)
            pacer.letThrough()
            call(caller)
            return
          }
          refusals.push(time.now)
          pacer.turnedAway()
          pausedUntil = Math.max(pausedUntil, time.now + 1000)
          at(time.now + 1000 + (250 * caller) / callers, () => call(caller))
        })
      })
    })
  }
  // As many as at first, and twice as many every half second.
  for (let caller = 0; caller < callers; caller += 1) {
    at(500 * Math.max(0, Math.ceil(Math.log2((caller + 1) / 8))), () => call(caller))
  }
  time.runUntil(seconds * 1000)
  const later = (times: readonly number[]) => times.filter((when) => when > 5000).length
  return {
    refusedPart: later(refusals) / (later(refusals) + later(letThrough)),
    perSecond: later(letThrough) / (seconds - 5),
    refusals: refusals.length,
  }
}

describe('Pacer', () => {
  it.each<[string, () => Server, number]>([
    ['any second', () => slidingSecond(500), 0.88],
    ['seconds of a clock', () => secondsOfTheClock(500), 0.8],
    ['what was saved', () => savings(500, 500), 0.9],
    ['what was saved over little', () => savings(500, 50), 0.8],
  ])('goes as fast as a server allows that counts %s, and is turned away in 1 call of 100 at most', (_, make, part) => {
    const { refusedPart, perSecond } = play(make())
    expect(refusedPart).toBeLessThan(0.01)
    expect(perSecond).toBeGreaterThan(500 * part)
  })

  it('finds out in time when more is allowed than before', () => {
    let isGenerous = false
    const slow = slidingSecond(100)
    const server: Server = (now) => {
      isGenerous = now > 20_000
      return isGenerous || slow(now)
    }
    const { perSecond, refusals } = play(server, { seconds: 300 })
    expect(refusals).toBeGreaterThan(0)
    // 64 callers make a thousand calls a second where nobody stops them.
    expect(perSecond).toBeGreaterThan(500)
  })

  it('keeps nobody waiting, and asks for no timer, where no call was ever turned away', async () => {
    const clock = new FakeClock()
    const pacer = new Pacer(clock)
    for (let i = 0; i < 10_000; i += 1) {
      await pacer.turn()
      pacer.letThrough()
    }
    expect(clock.sleeps).toEqual([])
  })

  it('lets a few calls go at once however few were let through, and the next ones as they come', async () => {
    const clock = new FakeClock()
    const pacer = new Pacer(clock)
    pacer.letThrough()
    pacer.turnedAway()
    for (let i = 0; i < 10; i += 1) await pacer.turn()
    expect(clock.sleeps).toEqual([])
    const abort = new AbortController()
    const turn = pacer.turn(abort.signal)
    // A little slower than the least rate: 9.5 a second.
    expect(clock.sleeps).toEqual([105])
    abort.abort(new Error('no more'))
    await expect(turn).rejects.toThrow('no more')
  })

  it('takes calls that were under way together and are turned away together for one reason', () => {
    const clock = new FakeClock()
    const pacer = new Pacer(clock)
    const turns = (): number => {
      let count = 0
      while (pacer.reserve() < 1000) count += 1
      return count
    }
    for (let i = 0; i < 500; i += 1) pacer.letThrough()
    for (let i = 0; i < 60; i += 1) pacer.turnedAway()
    // 475 a second, and some at once.
    expect(turns()).toBeGreaterThan(450)
  })
})
