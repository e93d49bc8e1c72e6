import { describe, expect, it } from 'vitest'
import { EngineError } from '../../../shared/errors.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { BRIEF, INTERACTIVE, PATIENT, retry, type RetryOptions } from './retry.ts'

const failing = (times: number, error: Error) => {
  let calls = 0
  const attempt = (): Promise<number> => (++calls <= times ? Promise.reject(error) : Promise.resolve(calls))
  return attempt
}
const busy = new EngineError('b2_service_error', 'busy')
const options = (clock: FakeClock, more: Partial<RetryOptions> = {}): RetryOptions => ({
  clock,
  random: () => 1,
  patience: PATIENT,
  ...more,
})

describe('retry', () => {
  it('waits 1, 2, 4 ... seconds at most, each shortened by chance', async () => {
    const clock = new FakeClock({ skipsSleeps: true })
    expect(await retry(failing(4, busy), options(clock))).toBe(5)
    expect(clock.sleeps).toEqual([1_000, 2_000, 4_000, 8_000])
    const other = new FakeClock({ skipsSleeps: true })
    await retry(failing(3, busy), options(other, { random: () => 0.25 }))
    expect(other.sleeps).toEqual([250, 500, 1_000])
  })

  it('never waits longer than 64 seconds', async () => {
    const clock = new FakeClock({ skipsSleeps: true })
    await retry(failing(9, busy), options(clock, { patience: { ...PATIENT, attempts: 10, longestWaitMs: 64_000 } }))
    expect(clock.sleeps.slice(-3)).toEqual([64_000, 64_000, 64_000])
  })

  it('throws the last failure as it is when the attempts are used up', async () => {
    const clock = new FakeClock({ skipsSleeps: true })
    await expect(retry(failing(99, busy), options(clock, { patience: INTERACTIVE }))).rejects.toBe(busy)
    expect(clock.sleeps).toEqual([1_000])
  })

  it('waits as long as the server says', async () => {
    const clock = new FakeClock({ skipsSleeps: true })
    const asked = new EngineError('too_many_requests', '', { retryAfterMs: 3_000 })
    await retry(failing(1, asked), options(clock, { random: () => 0 }))
    expect(clock.sleeps).toEqual([3_000])
  })

  it('gives up at once when the server asks for more than the caller has', async () => {
    const clock = new FakeClock({ skipsSleeps: true })
    const asked = new EngineError('too_many_requests', '', { retryAfterMs: 60_000 })
    await expect(retry(failing(1, asked), options(clock, { patience: INTERACTIVE }))).rejects.toBe(asked)
    expect(clock.sleeps).toEqual([])
  })

  it('gives up on tokens after the third that B2 does not take', async () => {
    const clock = new FakeClock({ skipsSleeps: true })
    const expired = new EngineError('token_expired', '')
    await expect(retry(failing(99, expired), options(clock))).rejects.toBe(expired)
    expect(clock.sleeps).toEqual([1_000, 2_000])
  })

  it('counts no other failures as tokens that B2 does not take', async () => {
    const clock = new FakeClock({ skipsSleeps: true })
    const faults = [busy, busy, new EngineError('token_expired', '')]
    const attempt = (): Promise<string> => {
      const fault = faults.shift()
      return fault === undefined ? Promise.resolve('done') : Promise.reject(fault)
    }
    expect(await retry(attempt, options(clock))).toBe('done')
  })

  it.each([new EngineError('key_rejected', ''), new Error('bug')])('tries nothing again after %s', async (error) => {
    const clock = new FakeClock({ skipsSleeps: true })
    await expect(retry(failing(1, error), options(clock))).rejects.toBe(error)
    expect(clock.sleeps).toEqual([])
  })

  describe('without a network', () => {
    const away = new EngineError('network_unreachable', 'away')

    it('asks every ten seconds at most until the patience for an outage ends, and counts no attempts', async () => {
      const clock = new FakeClock({ skipsSleeps: true })
      const patience = { attempts: 2, longestWaitMs: 64_000, outageMs: 60_000 }
      await expect(retry(failing(99, away), options(clock, { patience }))).rejects.toBe(away)
      expect(clock.sleeps).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 10_000])
    })

    it('gives it back to a caller who notices by himself at once', async () => {
      const clock = new FakeClock({ skipsSleeps: true })
      await expect(retry(failing(1, away), options(clock, { patience: BRIEF }))).rejects.toBe(away)
      expect(clock.sleeps).toEqual([])
    })

    it('counts a storage pod that cannot be reached as a failed try: others can be', async () => {
      const clock = new FakeClock({ skipsSleeps: true })
      const podAway = new EngineError('network_unreachable', 'away', { operation: 'b2_upload_file' })
      expect(await retry(failing(5, podAway), options(clock, { patience: BRIEF }))).toBe(6)
      await expect(retry(failing(6, podAway), options(clock, { patience: BRIEF }))).rejects.toBe(podAway)
    })

    it('is not kept waiting by a clock that is set back', async () => {
      const clock = new FakeClock({ skipsSleeps: true })
      let tries = 0
      const attempt = (): Promise<never> => {
        tries += 1
        if (tries === 2) clock.advance(-86_400_000)
        return Promise.reject(away)
      }
      const patience = { attempts: 2, longestWaitMs: 64_000, outageMs: 60_000 }
      await expect(retry(attempt, options(clock, { patience }))).rejects.toBe(away)
      expect(tries).toBeLessThan(15)
    })

    it('begins anew to wait for the next outage', async () => {
      const clock = new FakeClock({ skipsSleeps: true })
      const faults = [away, away, busy, away, away]
      const attempt = (): Promise<string> => {
        const fault = faults.shift()
        return fault === undefined ? Promise.resolve('done') : Promise.reject(fault)
      }
      const patience = { attempts: 2, longestWaitMs: 64_000, outageMs: 4_000 }
      expect(await retry(attempt, options(clock, { patience }))).toBe('done')
      expect(clock.sleeps).toEqual([1_000, 2_000, 1_000, 1_000, 2_000])
    })
  })

  it('tries nothing once it is aborted, and tells the reason rather than what failed meanwhile', async () => {
    const reason = new Error('enough')
    const clock = new FakeClock()
    let tries = 0
    const aborted = retry(() => Promise.resolve(++tries), options(clock, { signal: AbortSignal.abort(reason) }))
    await expect(aborted).rejects.toBe(reason)
    expect(tries).toBe(0)
    const controller = new AbortController()
    const attempt = (): Promise<never> => {
      controller.abort(reason)
      return Promise.reject(new EngineError('b2_refused', 'no'))
    }
    await expect(retry(attempt, options(clock, { signal: controller.signal }))).rejects.toBe(reason)
  })

  it('ends in the middle of a wait when it is aborted', async () => {
    const clock = new FakeClock()
    const controller = new AbortController()
    const result = retry(failing(1, busy), options(clock, { signal: controller.signal }))
    await expect.poll(() => clock.sleeping).toBe(1)
    controller.abort(new Error('enough'))
    await expect(result).rejects.toThrow('enough')
    expect(clock.sleeping).toBe(0)
  })
})
