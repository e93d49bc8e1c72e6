import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { Together } from './together.ts'

/** Keeps what was written, and undoes a transaction that throws. */
function openStore({ clock = new FakeClock(), takesMs = 0 } = {}) {
  let written: readonly string[] = []
  let transactions = 0
  const together = new Together(clock, (step) => {
    transactions += 1
    clock.advance(takesMs)
    const before = written
    try {
      step()
    } catch (error) {
      written = before
      throw error
    }
  })
  const write = (text: string) =>
    together.run(() => {
      written = [...written, text]
    })
  const turn = promisify(setImmediate)
  return { together, write, turn, written: () => written, transactions: () => transactions }
}

describe('Together', () => {
  it('writes what arrives within one turn in one transaction, in order', async () => {
    const store = openStore()
    await Promise.all([store.write('a'), store.write('b'), store.write('c')])
    expect(store.written()).toEqual(['a', 'b', 'c'])
    expect(store.transactions()).toBe(1)
  })

  it('writes nothing before it says so, and what arrives later in a transaction of its own', async () => {
    const store = openStore()
    const first = store.write('a')
    expect(store.written()).toEqual([])
    await first
    await store.write('b')
    expect(store.written()).toEqual(['a', 'b'])
    expect(store.transactions()).toBe(2)
  })

  it('writes all the others where one cannot be written, each once, and tells that one why', async () => {
    const store = openStore()
    const refusal = new Error('no room')
    const bad = store.together.run(() => {
      throw refusal
    })
    const ends = await Promise.allSettled([store.write('a'), bad, store.write('b')])
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    await expect(bad).rejects.toBe(refusal)
    expect(store.written()).toEqual(['a', 'b'])
  })

  it.each([
    [3, 87],
    [50, 100],
  ])('leaves the disk alone after a transaction that took %i ms, for %i ms', async (takesMs, restMs) => {
    const clock = new FakeClock()
    const store = openStore({ clock, takesMs })
    await store.write('a')
    const later = Promise.all([store.write('b'), store.write('c')])
    expect(clock.sleeps).toEqual([restMs])
    clock.advance(restMs - 1)
    await store.turn()
    expect(store.written()).toEqual(['a'])
    clock.advance(1)
    await later
    expect(store.written()).toEqual(['a', 'b', 'c'])
    expect(store.transactions()).toBe(2)
  })

  it('writes at once what arrives when the disk has rested', async () => {
    const clock = new FakeClock()
    const store = openStore({ clock, takesMs: 5 })
    await store.write('a')
    clock.advance(145)
    await store.write('b')
    expect(clock.sleeps).toEqual([])
    expect(store.written()).toEqual(['a', 'b'])
  })

  it('does not rest while 512 wait, and says that it is full', async () => {
    const clock = new FakeClock()
    const store = openStore({ clock, takesMs: 50 })
    await store.write('a')
    const many = Array.from({ length: 511 }, () => store.write('b'))
    await store.turn()
    expect([store.together.isFull, store.written().length]).toEqual([false, 1])
    const last = store.write('c')
    expect(store.together.isFull).toBe(true)
    await Promise.all([...many, last])
    expect([store.together.isFull, store.written().length, store.transactions()]).toEqual([false, 513, 2])
  })
})
