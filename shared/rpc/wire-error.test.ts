import { describe, expect, it } from 'vitest'
import { EngineError } from '../errors.ts'
import { decodeError, encodeError } from './wire-error.ts'

describe('wire errors', () => {
  it('come back as they went in, through a structured clone', () => {
    const error = new EngineError('bucket_missing', 'gone', { bucketName: 'b', tries: 3, last: false })
    const back = decodeError(structuredClone(encodeError(error)))
    expect(back).toBeInstanceOf(EngineError)
    const { code, message, details } = error
    expect(back).toMatchObject({ code, message, details })
  })

  it.each([new TypeError('x'), 'text', null, undefined, { code: 'key_rejected' }])('make a bug of %j', (thrown) => {
    expect(encodeError(thrown).code).toBe('bug')
  })

  it('leave the stack and the cause behind', () => {
    const error = new EngineError('timeout', 'slow', {}, { cause: new Error('secret') })
    expect(JSON.stringify(encodeError(error))).toBe('{"code":"timeout","message":"slow","details":{}}')
  })

  it.each([
    undefined,
    null,
    'text',
    {},
    { code: 'no-such-code', message: 'x', details: {} },
    { code: 'timeout' },
    { code: 'timeout', message: 'x', details: { deep: {} } },
  ])('make a bug of %j that is no wire error', (data) => {
    expect(decodeError(data).code).toBe('bug')
  })
})
