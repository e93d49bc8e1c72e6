import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeLosses, MAX_EMPTIED, type GateVerdict, type LossFacts } from './safety-gate.ts'

const settings = { gateFiles: 50, gatePercent: 30, deletionPolicy: { kind: 'hide' } } as const
const nothing: LossFacts = {
  absentOpen: 0,
  absentAll: 0,
  emptiedOpen: 0,
  recentAbsent: 0,
  recentEmptied: 0,
  knownFiles: 1000,
  hasNewFiles: false,
  asksEveryLoss: false,
  settings,
}
const pass: GateVerdict = { kind: 'pass' }
const many: GateVerdict = { kind: 'hold', loss: 'absent', code: 'mass_deletion' }
const all: GateVerdict = { kind: 'hold', loss: 'absent', code: 'root_emptied' }
const emptied: GateVerdict = { kind: 'hold', loss: 'emptied', code: 'mass_emptied' }
const absent = (files: number, more: Partial<LossFacts> = {}): Partial<LossFacts> => ({
  absentOpen: files,
  absentAll: files,
  ...more,
})

describe('judgeLosses', () => {
  it.each<[string, Partial<LossFacts>, GateVerdict]>([
    ['lets nothing pass as nothing', {}, pass],
    ['lets one file of many go', absent(1), pass],
    ['lets as many files go as are allowed, whatever share that is', absent(50, { knownFiles: 51 }), pass],
    ['holds one more than that', absent(51, { knownFiles: 100 }), many],
    ['lets exactly the allowed share go, however many that are', absent(300), pass],
    ['holds one more than that share', absent(301), many],
    ['lets more files go than are allowed while they are a small share', absent(51, { knownFiles: 171 }), pass],
    ['holds a large share that is more files than allowed', absent(51, { knownFiles: 169 }), many],
    [
      'adds what went out lately to both the files and the share',
      absent(1, { recentAbsent: 50, knownFiles: 100 }),
      many,
    ],
    ['counts what went out lately as files that were known', absent(1, { recentAbsent: 50, knownFiles: 120 }), pass],
    ['lets nothing more be held by what went out lately alone', { recentAbsent: 500, knownFiles: 1 }, pass],
    ['holds the only file', absent(1, { knownFiles: 1 }), all],
    ['holds the last files', absent(3, { knownFiles: 3 }), all],
    ['calls it emptied also where some losses do not count', { absentOpen: 1, absentAll: 3, knownFiles: 3 }, all],
    [
      'lets the last files go where there are others in their place',
      absent(3, { knownFiles: 3, hasNewFiles: true }),
      pass,
    ],
    [
      'asks about many also where there are others in their place',
      absent(51, { knownFiles: 51, hasNewFiles: true }),
      many,
    ],
    ['lets all but one file go when they are few', absent(2, { knownFiles: 3 }), pass],
    ['lets everything go that does not count', { absentOpen: 0, absentAll: 1000 }, pass],
    ['asks about one file when the root is another', absent(1, { asksEveryLoss: true }), many],
    ['asks about nothing when the root is another and nothing is lost', { asksEveryLoss: true }, pass],
    ['lets ten emptied files go', { emptiedOpen: MAX_EMPTIED }, pass],
    ['holds eleven', { emptiedOpen: MAX_EMPTIED + 1 }, emptied],
    ['adds those that went out lately', { emptiedOpen: 1, recentEmptied: MAX_EMPTIED }, emptied],
    [
      'lets as many go as are allowed with those that went out',
      { emptiedOpen: 1, recentEmptied: MAX_EMPTIED - 1 },
      pass,
    ],
    ['lets nothing more be held by emptied files that went out lately alone', { recentEmptied: 500 }, pass],
    ['counts no hides among emptied files', { emptiedOpen: MAX_EMPTIED, recentAbsent: 500 }, pass],
    ['counts no emptied files among absent ones', absent(50, { knownFiles: 60, recentEmptied: 500 }), pass],
    ['asks about one emptied file when the root is another', { emptiedOpen: 1, asksEveryLoss: true }, emptied],
    ['asks about absent files before emptied ones', absent(51, { knownFiles: 100, emptiedOpen: 11 }), many],
    ['asks about emptied files when the absent ones are few', absent(1, { emptiedOpen: 11 }), emptied],
  ])('%s', (_, facts, verdict) => {
    expect(judgeLosses({ ...nothing, ...facts })).toEqual(verdict)
  })

  it('has its numbers from the settings', () => {
    const strict = { ...settings, gateFiles: 1, gatePercent: 1 }
    expect(judgeLosses({ ...nothing, ...absent(11), settings: strict })).toEqual(many)
    expect(judgeLosses({ ...nothing, ...absent(10), settings: strict })).toEqual(pass)
    const loose = { ...settings, gateFiles: 1, gatePercent: 100 }
    expect(judgeLosses({ ...nothing, ...absent(999), settings: loose })).toEqual(pass)
  })

  it('asks nothing about absent files where files are kept, and the same about emptied ones', () => {
    const keeping = { ...settings, deletionPolicy: { kind: 'keep' } } as const
    const facts = { ...nothing, settings: keeping, asksEveryLoss: true }
    expect(judgeLosses({ ...facts, ...absent(1000) })).toEqual(pass)
    expect(judgeLosses({ ...facts, ...absent(1000), emptiedOpen: 1 })).toEqual(emptied)
  })

  it('never lets more files go because more are lost', () => {
    const count = fc.integer({ min: 0, max: 200 })
    const facts = fc.record({
      absentOpen: count,
      absentAll: count,
      emptiedOpen: count,
      recentAbsent: count,
      recentEmptied: count,
      knownFiles: count,
      hasNewFiles: fc.boolean(),
      asksEveryLoss: fc.boolean(),
      settings: fc.record({
        gateFiles: fc.integer({ min: 1, max: 100 }),
        gatePercent: fc.integer({ min: 1, max: 100 }),
        deletionPolicy: fc.constantFrom({ kind: 'hide' as const }, { kind: 'delete' as const }),
      }),
    })
    fc.assert(
      fc.property(facts, fc.integer({ min: 1, max: 50 }), (before, more) => {
        if (judgeLosses(before).kind === 'pass') return true
        const worse = { ...before, absentOpen: before.absentOpen + more, absentAll: before.absentAll + more }
        return judgeLosses(worse).kind === 'hold'
      }),
      { seed: 20261124, numRuns: 2000 },
    )
  })
})
