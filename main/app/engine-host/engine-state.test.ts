import { describe, expect, it } from 'vitest'
import { engineStateEvent, exitReasonText } from './engine-state.ts'

describe('exitReasonText', () => {
  it('says what to do when the data folder is in use', () => {
    const text = exitReasonText({ kind: 'cannot-start', code: 'data_folder_in_use', details: {} })
    expect(text).toMatch(/^[A-Z].*\. .*\.$/)
  })
})

describe('engineStateEvent', () => {
  it('gives a reason for a failure and none for a running engine', () => {
    const reason = { kind: 'not-launched', message: 'Set PAIL_ENGINE_NODE.' } as const
    expect([engineStateEvent({ kind: 'failed', reason }), engineStateEvent({ kind: 'running' })]).toEqual([
      { kind: 'failed', reason: 'Set PAIL_ENGINE_NODE.' },
      { kind: 'running', reason: null },
    ])
  })

  it('tells nobody that the engine was stopped', () => {
    expect(engineStateEvent({ kind: 'stopped' })).toBeNull()
  })
})
