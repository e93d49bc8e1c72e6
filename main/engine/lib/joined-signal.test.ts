import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { joinSignals } from './joined-signal.ts'

describe('joinSignals', () => {
  it.each([0, 1])('aborts with signal %i and its reason, once', (which) => {
    const controllers = [new AbortController(), new AbortController()]
    const { signal } = joinSignals(...controllers.map((each) => each.signal))
    let aborts = 0
    signal.addEventListener('abort', () => (aborts += 1))
    expect(signal.aborted).toBe(false)
    controllers[which]?.abort('first')
    controllers[1 - which]?.abort('second')
    expect(signal.reason).toBe('first')
    expect(aborts).toBe(1)
  })

  it('is aborted from the beginning where one of them is', () => {
    const open = new AbortController()
    const { signal } = joinSignals(open.signal, AbortSignal.abort('before'))
    expect(signal.reason).toBe('before')
    expect(getEventListeners(open.signal, 'abort')).toHaveLength(0)
  })

  it('hears nothing after it was released, and leaves nothing behind', () => {
    const one = new AbortController()
    const { signal, release } = joinSignals(one.signal)
    expect(getEventListeners(one.signal, 'abort')).toHaveLength(1)
    release()
    one.abort()
    expect(signal.aborted).toBe(false)
    expect(getEventListeners(one.signal, 'abort')).toHaveLength(0)
  })

  it('leaves nothing behind once it is aborted', () => {
    const one = new AbortController()
    const other = new AbortController()
    joinSignals(one.signal, other.signal)
    one.abort()
    expect(getEventListeners(other.signal, 'abort')).toHaveLength(0)
  })
})
