import { describe, expect, it } from 'vitest'
import { UnixMs } from '../../../shared/ids.ts'
import { waitingReason } from './waiting-reason.ts'

const now = 1_000_000

describe('waitingReason', () => {
  it.each([
    ['sending', 'Starts soon'],
    ['checking', 'Starts soon'],
    ['paused', 'Paused'],
    ['offline', 'No connection'],
    ['held', 'Waiting'],
    ['problem', 'Waiting'],
  ] as const)('says of a row which never failed, in a folder that is %s: %s', (folder, text) => {
    expect(waitingReason({ code: null, isPutOff: false, nextAttemptAt: null }, folder, now)).toBe(text)
  })

  it('says why it failed and when it is tried again', () => {
    const row = { code: 'connection_reset', isPutOff: false, nextAttemptAt: UnixMs.parse(now + 20_000) } as const
    expect(waitingReason(row, 'sending', now)).toBe('The connection broke off, next try in 20 s')
  })

  it('says that a person left it for later, and for how long', () => {
    const row = { code: null, isPutOff: true, nextAttemptAt: UnixMs.parse(now + 3_000_000) } as const
    expect(waitingReason(row, 'sending', now)).toBe('Left for later, next try in 50 min')
  })

  it('does not count below zero', () => {
    const row = { code: 'connection_reset', isPutOff: false, nextAttemptAt: UnixMs.parse(now - 1) } as const
    expect(waitingReason(row, 'sending', now)).toBe('The connection broke off, tries again now')
  })
})
