import { describe, expect, it } from 'vitest'
import { Slots, type SlotLine } from './slots.ts'

const turn = () => new Promise(setImmediate)
const never = new AbortController().signal

/** Takes slots one after the other under names, and tells who has got one. */
function takers(slots: Slots) {
  const got: string[] = []
  const giveBack = new Map<string, () => void>()
  const take = (name: string, signal: AbortSignal = never, line?: SlotLine): Promise<void> =>
    slots.take(signal, line).then((release) => {
      got.push(name)
      giveBack.set(name, release)
    })
  return { got, take, end: (name: string) => giveBack.get(name)?.() }
}

describe('Slots', () => {
  it('lets as many work as the limit says, and then the first who came', async () => {
    const slots = new Slots(2)
    const { got, take, end } = takers(slots)
    for (const name of ['a', 'b', 'c', 'd']) void take(name)
    await turn()
    expect([got, slots.inUse, slots.waiting]).toEqual([['a', 'b'], 2, 2])
    end('b')
    await turn()
    expect([got, slots.inUse, slots.waiting]).toEqual([['a', 'b', 'c'], 2, 1])
  })

  it('lets those in who wait when the limit is raised', async () => {
    const slots = new Slots(1)
    const { got, take } = takers(slots)
    for (const name of ['a', 'b', 'c', 'd']) void take(name)
    slots.limit = 3
    await turn()
    expect([got, slots.limit]).toEqual([['a', 'b', 'c'], 3])
  })

  it('lets nobody in above a limit that was lowered, and breaks nobody off', async () => {
    const slots = new Slots(3)
    const { got, take, end } = takers(slots)
    for (const name of ['a', 'b', 'c', 'd']) void take(name)
    await turn()
    slots.limit = 1
    end('a')
    end('b')
    await turn()
    expect([got, slots.inUse]).toEqual([['a', 'b', 'c'], 1])
    end('c')
    await turn()
    expect([got, slots.inUse]).toEqual([['a', 'b', 'c', 'd'], 1])
  })

  it('lets lines take turns by their weight, none left out', async () => {
    const slots = new Slots(1)
    const { got, take, end } = takers(slots)
    void take('begun')
    for (let i = 0; i < 12; i += 1) {
      void take(`light ${i}`, never, 1)
      void take(`heavy ${i}`, never, 4)
    }
    await turn()
    for (let i = 0; i < 10; i += 1) {
      end(got.at(-1) ?? '')
      await turn()
    }
    const later = got.slice(1).map((name) => name[0])
    expect([later.filter((name) => name === 'h').length, later.filter((name) => name === 'l').length]).toEqual([8, 2])
    expect(got.filter((name) => name.startsWith('heavy'))).toEqual(Array.from({ length: 8 }, (_, i) => `heavy ${i}`))
  })

  it('lets those in a hurry in before all others that wait, in their own order', async () => {
    const slots = new Slots(1)
    const { got, take, end } = takers(slots)
    const abort = new AbortController()
    for (const name of ['a', 'b']) void take(name)
    for (const name of ['hurried', 'hurried too']) void take(name, never, 'hurried')
    const gone = expect(take('no more', abort.signal, 'hurried')).rejects.toThrow('no more')
    expect(slots.waiting).toBe(4)
    abort.abort(new Error('no more'))
    await gone
    for (const name of ['a', 'hurried', 'hurried too']) {
      end(name)
      await turn()
    }
    expect(got).toEqual(['a', 'hurried', 'hurried too', 'b'])
  })

  it('takes a slot back once, however often it is given back', async () => {
    const slots = new Slots(1)
    const { got, take, end } = takers(slots)
    for (const name of ['a', 'b', 'c']) void take(name)
    await turn()
    end('a')
    end('a')
    await turn()
    expect([got, slots.inUse]).toEqual([['a', 'b'], 1])
  })

  it('lets a waiting one go with the reason of its signal, and keeps no place for it', async () => {
    const slots = new Slots(1)
    const { got, take, end } = takers(slots)
    const abort = new AbortController()
    void take('a')
    const gone = expect(take('b', abort.signal)).rejects.toThrow('no more')
    void take('c')
    abort.abort(new Error('no more'))
    await gone
    expect(slots.waiting).toBe(1)
    end('a')
    await turn()
    expect([got, slots.inUse]).toEqual([['a', 'c'], 1])
  })

  it('keeps the slot of one whose signal is aborted later, until that gives it back', async () => {
    const slots = new Slots(1)
    const { take, end } = takers(slots)
    const abort = new AbortController()
    await take('a', abort.signal)
    abort.abort(new Error('no more'))
    expect(slots.inUse).toBe(1)
    end('a')
    expect(slots.inUse).toBe(0)
  })

  it('gives nothing to one whose signal is aborted already', async () => {
    const slots = new Slots(1)
    await expect(slots.take(AbortSignal.abort(new Error('no more')))).rejects.toThrow('no more')
    expect([slots.inUse, slots.waiting]).toEqual([0, 0])
  })
})
