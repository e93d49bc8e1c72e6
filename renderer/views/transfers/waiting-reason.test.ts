import { describe, expect, it } from 'vitest'
import { UnixMs } from '../../../shared/ids.ts'
import { waitingReason } from './waiting-reason.ts'

const now = 1_000_000

describe('waitingReason', () => {
  it('says that a row which never failed starts soon', () => {
    expect(waitingReason({ code: null, nextAttemptAt: null }, now)).toBe('Starts soon')
  })

  it('says why it failed and when it is tried again', () => {
    const row = { code: 'connection_reset', nextAttemptAt: UnixMs.parse(now + 20_000) } as const
    expect(waitingReason(row, now)).toBe('The connection broke off, next try in 20 s')
  })

  it('does not count below zero', () => {
    const row = { code: 'connection_reset', nextAttemptAt: UnixMs.parse(now - 1) } as const
    expect(waitingReason(row, now)).toBe('The connection broke off, tries again now')
  })
})
