import { describe, expect, it } from 'vitest'
import { Shares } from './shares.ts'

/** Who has turns while all wait all the time. */
function turns(weights: Readonly<Record<string, number>>, count: number, waiting = Object.keys(weights)): string[] {
  const shares = new Shares<string>((key) => weights[key] ?? 1)
  return Array.from({ length: count }, () => {
    const key = shares.next(waiting) ?? ''
    shares.took(key, waiting)
    return key
  })
}

describe('Shares', () => {
  it('gives turns round about where all have the same weight', () => {
    expect(turns({ a: 4, b: 4, c: 4 }, 7).join('')).toBe('abcabca')
  })

  it('gives turns by weight, evenly mixed', () => {
    expect(turns({ a: 4, b: 1, c: 1 }, 6).join('')).toBe('aabaca')
  })

  it('leaves out who does not wait, and makes up nothing to them afterwards', () => {
    const shares = new Shares<string>(() => 1)
    for (let i = 0; i < 100; i += 1) shares.took('a', ['a'])
    const both = Array.from({ length: 6 }, () => {
      const key = shares.next(['a', 'b']) ?? ''
      shares.took(key, ['a', 'b'])
      return key
    })
    expect(both.join('')).toBe('ababab')
  })

  it('has nobody where nobody waits', () => {
    expect(new Shares<string>(() => 1).next([])).toBeUndefined()
  })

  it('keeps every share near what its weight is worth, whoever comes and goes', () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    let state = seed
    const random = (): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
      return state / 0x7fffffff
    }
    for (let round = 0; round < 50; round += 1) {
      const keys = Array.from({ length: 2 + Math.floor(random() * 5) }, (_, i) => `k${i}`)
      const weights = new Map(keys.map((key) => [key, [16, 4, 1][Math.floor(random() * 3)] ?? 1]))
      const weightOf = (key: string): number => weights.get(key) ?? 1
      const shares = new Shares(weightOf)
      /** For each key what is due to it, and what it had. */
      const due = new Map(keys.map((key) => [key, 0]))
      const had = new Map(keys.map((key) => [key, 0]))
      for (let turn = 0; turn < 300; turn += 1) {
        const waiting = keys.filter(() => random() < 0.8)
        const key = shares.next(waiting)
        if (key === undefined) continue
        const total = waiting.reduce((sum, each) => sum + weightOf(each), 0)
        for (const each of waiting) due.set(each, (due.get(each) ?? 0) + weightOf(each) / total)
        had.set(key, (had.get(key) ?? 0) + 1)
        shares.took(key, waiting)
      }
      for (const key of keys) {
        const isFar = Math.abs((due.get(key) ?? 0) - (had.get(key) ?? 0)) > keys.length
        expect({ seed, key, weights: [...weights], isFar }).toMatchObject({ isFar: false })
      }
    }
  })
})
