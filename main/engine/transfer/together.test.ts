import { describe, expect, it } from 'vitest'
import { Together } from './together.ts'

/** Keeps what was written, and undoes a transaction that throws. */
function openStore() {
  let written: readonly string[] = []
  let transactions = 0
  const together = new Together((step) => {
    transactions += 1
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
  return { together, write, written: () => written, transactions: () => transactions }
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
})
