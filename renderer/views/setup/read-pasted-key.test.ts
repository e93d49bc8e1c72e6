import { describe, expect, it } from 'vitest'
import { readPastedKey } from './read-pasted-key.ts'

const keyId = '004a1b2c3d4e5f60000000001'
const key = 'K004AbCdEfGhIjKlMnOpQrStUvWxYz0'

describe('readPastedKey', () => {
  it('finds both halves in what B2 shows after a key was made', () => {
    const text = `keyID:\n${keyId}\nkeyName:\npail\napplicationKey:\n${key}`
    expect(readPastedKey(text)).toEqual({ applicationKeyId: keyId, applicationKey: key })
  })

  it('finds the master key, whose ID is shorter', () => {
    const text = `keyID: a1b2c3d4e5f6\nkeyName: Master Application Key\napplicationKey: ${key}`
    expect(readPastedKey(text)).toEqual({ applicationKeyId: 'a1b2c3d4e5f6', applicationKey: key })
  })

  it('tells which half a single one is', () => {
    expect(readPastedKey(` ${keyId}\n`)).toEqual({ applicationKeyId: keyId })
    expect(readPastedKey(key)).toEqual({ applicationKey: key })
  })

  it.each(['', 'hello', `my key is ${key}`, `${keyId} and nothing else`, `${key}x`])('leaves %j as it is', (text) => {
    expect(readPastedKey(text)).toEqual({})
  })
})
