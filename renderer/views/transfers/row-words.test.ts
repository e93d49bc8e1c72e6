import { describe, expect, it } from 'vitest'
import { UnixMs } from '../../../shared/ids.ts'
import type { WaitingRow } from '../../../shared/model/transfer.ts'
import { failedWords, phaseWords, waitingAdvice, waitingWords } from './row-words.ts'

const NOW = new Date(2026, 10, 22, 14, 0).getTime()
const at = (ms: number): UnixMs => UnixMs.parse(NOW + ms)
const words = (why: WaitingRow['why'], isAsked = false, limit: number | null = null): string =>
  waitingWords({ why, isAsked }, limit, NOW)
const inLine: WaitingRow['why'] = { kind: 'waiting', code: null, nextAttemptAt: null }

describe('waitingWords', () => {
  it.each<[WaitingRow['why'], string]>([
    [inLine, 'In line'],
    [
      { kind: 'waiting', code: 'connection_reset', nextAttemptAt: at(20_000) },
      'The connection broke off, next try in 20 s',
    ],
    [{ kind: 'waiting', code: 'file_busy', nextAttemptAt: at(-1) }, 'In use by another program, tries again now'],
    [{ kind: 'waiting', code: 'network_unreachable', nextAttemptAt: null }, 'No connection to B2'],
    [{ kind: 'blocked', code: 'storage_cap_exceeded' }, 'Your storage cap is reached'],
    [{ kind: 'put-off', until: at(3_000_000) }, 'Left for later, next try in 50 min'],
    [{ kind: 'paused', until: null }, 'Paused'],
    [{ kind: 'paused', until: at(1_800_000) }, 'Paused until 14:30'],
    [{ kind: 'out-of-hours', until: at(1_800_000) }, 'Waits until 14:30'],
    [{ kind: 'settling', waiting: null }, 'Still being written'],
    [{ kind: 'sending' }, 'Starting'],
  ])('says why %j', (why, text) => {
    expect(words(why)).toBe(text)
  })

  it('says that a person asked for it, or that the line is limited, where nothing else is in the way', () => {
    expect([words(inLine, true), words(inLine, false, 500_000)]).toEqual([
      'Next in line',
      'In line, limited to 500 kB/s',
    ])
    expect(words({ kind: 'paused', until: null }, true, 500_000)).toBe('Paused')
  })

  it('has advice where there is a cause', () => {
    expect(waitingAdvice({ why: { kind: 'blocked', code: 'storage_cap_exceeded' } })).toContain('storage cap')
    expect([waitingAdvice({ why: inLine }), waitingAdvice({ why: { kind: 'sending' } })]).toEqual(['', ''])
  })
})

describe('failedWords', () => {
  it('takes the reason and what to do apart', () => {
    const reason = "it contains the control character U+0009 at place 6 of the file's name"
    expect(failedWords({ code: 'name_not_allowed', details: { reason } })).toEqual({
      title: 'B2 refuses this name',
      why: "B2 cannot store a file with this name: it contains a tab at place 6 of the file's name.",
      whatToDo: 'Rename it and it will be sent.',
    })
  })
})

describe('phaseWords', () => {
  it.each([
    ['upload', 'sending', 3, '3 s left'],
    ['upload', 'sending', null, 'Uploading'],
    ['upload', 'hashing', null, 'Reading'],
    ['upload', 'finishing', null, 'Finishing'],
    ['upload', 'copying', null, 'Copying in B2'],
    ['copy', 'starting', null, 'Copying in B2'],
    ['hide', 'starting', null, 'Hiding in B2'],
    ['delete', 'starting', null, 'Deleting from B2'],
  ] as const)('says of %s that is %s, with %s seconds left: %s', (kind, phase, secondsLeft, text) => {
    expect(phaseWords({ kind, phase, secondsLeft })).toBe(text)
  })
})
