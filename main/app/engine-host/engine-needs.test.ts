import { describe, expect, it } from 'vitest'
import { engineEnv, runsEngine } from './engine-needs.ts'

describe('runsEngine', () => {
  it.each([
    ['18.15.0', false],
    ['20.20.2', false],
    ['22.13.1', false],
    ['22.15.0', true],
    ['22.14.9', false],
    ['24.1.0', true],
  ])('decides about Node %s', (version, expected) => {
    expect(runsEngine(version)).toBe(expected)
  })
})

describe('engineEnv', () => {
  it('passes on the environment and the data folder, but no application key and nothing that changes Node', () => {
    const env = {
      PAIL_B2_REALM: 'http://127.0.0.1:1',
      PAIL_DATA_DIR: 'relative',
      B2_APPLICATION_KEY_ID: 'id',
      B2_APPLICATION_KEY: 'secret',
      NODE_OPTIONS: '--inspect',
      ELECTRON_RUN_AS_NODE: '1',
      UNSET: undefined,
    }
    expect(engineEnv(env, '/data')).toEqual({ PAIL_B2_REALM: 'http://127.0.0.1:1', PAIL_DATA_DIR: '/data' })
  })
})
