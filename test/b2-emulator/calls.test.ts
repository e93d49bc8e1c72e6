import { describe, expect, it } from 'vitest'
import { CallLog, openCall } from './calls.ts'

describe('the call log', () => {
  it('keeps the newest calls, and their numbers when older ones go', () => {
    const log = new CallLog()
    for (let number = 0; number <= 200_000; number += 1) log.add(openCall(`call-${number}`, 'POST', number))
    expect(log.kept).toHaveLength(100_001)
    expect(log.kept[0]?.operation).toBe('call-100000')
    const { calls, next } = log.since(199_999)
    expect(calls.map((call) => call.operation)).toEqual(['call-199999', 'call-200000'])
    expect(next).toBe(200_001)
    expect(log.since(5).calls).toHaveLength(100_001)
  })
})
