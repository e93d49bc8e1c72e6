import { describe, expect, it } from 'vitest'
import { InTurn } from './in-turn.ts'

const turn = () => new Promise(setImmediate)

/** Work that is under way until it is ended from outside. */
function slowWork(log: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const work = (): Promise<string> => {
    log.push(`${name} begins`)
    return promise.finally(() => log.push(`${name} ends`))
  }
  return { work, end: () => resolve(name), fail: () => reject(new Error(name)) }
}

type Slow = ReturnType<typeof slowWork>

describe('InTurn', () => {
  it('begins work with the same key when the work before it has ended, in the order it was asked for', async () => {
    const inTurn = new InTurn()
    const log: string[] = []
    const [one, two, three] = ['one', 'two', 'three'].map((name) => slowWork(log, name))
    const all = [one, two, three].map((each) => inTurn.run('key', each?.work ?? (() => Promise.resolve(''))))
    three?.end()
    two?.end()
    await turn()
    expect(log).toEqual(['one begins'])
    one?.end()
    expect(await Promise.all(all)).toEqual(['one', 'two', 'three'])
    expect(log).toEqual(['one begins', 'one ends', 'two begins', 'two ends', 'three begins', 'three ends'])
  })

  it('begins work with another key at once', async () => {
    const inTurn = new InTurn()
    const log: string[] = []
    const one = slowWork(log, 'one')
    const other = slowWork(log, 'other')
    const first = inTurn.run('key', one.work)
    const second = inTurn.run('another key', other.work)
    await turn()
    expect(log).toEqual(['one begins', 'other begins'])
    one.end()
    other.end()
    await Promise.all([first, second])
  })

  it('tells a failure to its own caller only', async () => {
    const inTurn = new InTurn()
    const log: string[] = []
    const one = slowWork(log, 'one')
    const first = inTurn.run('key', one.work)
    const second = inTurn.run('key', () => Promise.resolve('well'))
    one.fail()
    await expect(first).rejects.toThrow('one')
    expect(await second).toBe('well')
  })

  it('lets who waits leave at once, and nobody in before those who came earlier have ended', async () => {
    const inTurn = new InTurn()
    const log: string[] = []
    const [one, two, three] = ['one', 'two', 'three'].map((name) => slowWork(log, name)) as [Slow, Slow, Slow]
    const leaving = new AbortController()
    const first = inTurn.run('key', one.work)
    const second = inTurn.run('key', two.work, leaving.signal)
    const third = inTurn.run('key', three.work)
    leaving.abort(new Error('has left'))
    await expect(second).rejects.toThrow('has left')
    await turn()
    expect(log).toEqual(['one begins'])
    one.end()
    three.end()
    expect(await Promise.all([first, third])).toEqual(['one', 'three'])
    expect(log).toEqual(['one begins', 'one ends', 'three begins', 'three ends'])
  })

  it('does not break off what has begun: that is for the work itself', async () => {
    const inTurn = new InTurn()
    const log: string[] = []
    const one = slowWork(log, 'one')
    const leaving = new AbortController()
    const first = inTurn.run('key', one.work, leaving.signal)
    await turn()
    leaving.abort(new Error('has left'))
    await turn()
    one.end()
    expect(await first).toBe('one')
  })

  it('begins nothing for who has left before', async () => {
    const inTurn = new InTurn()
    const log: string[] = []
    const gone = AbortSignal.abort(new Error('has left'))
    await expect(inTurn.run('key', slowWork(log, 'one').work, gone)).rejects.toThrow('has left')
    expect(log).toEqual([])
  })

  it('begins at once what comes after all has ended', async () => {
    const inTurn = new InTurn()
    await inTurn.run('key', () => Promise.resolve())
    const log: string[] = []
    const late = slowWork(log, 'late')
    const run = inTurn.run('key', late.work)
    await turn()
    expect(log).toEqual(['late begins'])
    late.end()
    await run
  })
})
