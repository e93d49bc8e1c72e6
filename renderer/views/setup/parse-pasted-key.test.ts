import { describe, expect, it } from 'vitest'
import { parsePastedKey } from './parse-pasted-key.ts'

const keyId = '004a1b2c3d4e5f60000000001'
const key = 'K004AbCdEfGhIjKlMnOpQrStUvWxYz0'

describe('parsePastedKey', () => {
  it('finds both halves in what B2 shows after a key was made', () => {
    const text = `keyID:\n${keyId}\nkeyName:\npail\napplicationKey:\n${key}`
    expect(parsePastedKey(text)).toEqual({ applicationKeyId: keyId, applicationKey: key })
  })

  it('leaves a single half to the field it was pasted into', () => {
    expect([parsePastedKey(keyId), parsePastedKey(key), parsePastedKey('hello')]).toEqual([null, null, null])
  })
})
