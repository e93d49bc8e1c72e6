import { describe, expect, it } from 'vitest'
import { FolderId, UnixMs } from '../../shared/ids.ts'
import type { Status } from '../../shared/model/status.ts'
import { foldToSend, type ToSend } from './to-send.ts'

const folderId = FolderId.parse(1)

function sending(bytes: number): Status {
  return { kind: 'sending', files: 1, bytes, bytesPerSecond: 1000, secondsLeft: null }
}

function after(...statuses: readonly Status[]): number | undefined {
  return statuses.reduce<ToSend>((known, status) => foldToSend(known, [{ folderId, status }]), new Map()).get(folderId)
}

describe('foldToSend', () => {
  it('keeps the most that was left, also while it grows', () => {
    expect(after(sending(100), sending(40), sending(60))).toBe(100)
    expect(after(sending(100), sending(250), sending(200))).toBe(250)
  })

  it('begins anew after all was sent, and not after a pause', () => {
    const upToDate: Status = { kind: 'up-to-date', files: 1, checkedAt: UnixMs.parse(0) }
    expect(after(sending(100), upToDate, sending(40))).toBe(40)
    expect(after(sending(100), { kind: 'paused', files: 1, until: null }, sending(40))).toBe(100)
  })

  it('forgets a folder that is not synced any more', () => {
    expect(foldToSend(new Map([[folderId, 100]]), []).size).toBe(0)
  })
})
