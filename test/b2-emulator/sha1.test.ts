import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { beginSha1 } from './sha1.ts'

const content = randomBytes(40_000_000)
const expected = createHash('sha1').update(content).digest('hex')

describe('beginSha1', () => {
  it('hashes small and large uploads alike', async () => {
    const small = beginSha1(1000, true)
    expect(small.update(content.subarray(0, 1000))).toBeUndefined()
    expect(await small.digest()).toBe(createHash('sha1').update(content.subarray(0, 1000)).digest('hex'))
    const large = beginSha1(content.length, true)
    // Views into one memory and buffers of their own in turn: only the latter can be handed over.
    for (let at = 0; at < content.length; at += 300_007) {
      const view = content.subarray(at, at + 300_007)
      await large.update(at % 2 === 0 ? view : Buffer.from(new Uint8Array(view).buffer))
    }
    expect(await large.digest()).toBe(expected)
    expect(createHash('sha1').update(content).digest('hex')).toBe(expected)
  })

  it('tells whoever is too fast to wait, and keeps several uploads apart', async () => {
    const [one, other] = [beginSha1(content.length, true), beginSha1(content.length, true)]
    const waits: Promise<unknown>[] = []
    let given = 0
    for (let at = 0; at < content.length; at += 1_000_000) {
      const wait = one.update(Buffer.from(new Uint8Array(content.subarray(at, at + 1_000_000)).buffer))
      if (wait === undefined) given += 1_000_000
      else waits.push(wait)
      void other.update(Buffer.alloc(1_000_000))
    }
    expect(given).toBe(16_000_000)
    await Promise.all(waits)
    other.discard()
    expect(await one.digest()).toBe(expected)
  })
})
