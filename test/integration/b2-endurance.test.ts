import { expect, it, onTestFinished } from 'vitest'
import { inLanes, startB2Bench } from '../support/b2-bench.ts'

const FILES = 10_000
const LANES = 16

it(
  '10,000 uploads with one token expiry in between take exactly one authorize more',
  { timeout: 300_000 },
  async () => {
    const bench = await startB2Bench({ store: 'discard' })
    onTestFinished(() => bench.close())
    const { emulator } = bench
    const client = bench.connect()
    let done = 0
    await inLanes(LANES, [...Array(FILES).keys()], async (index) => {
      await client.uploadFile(bench.anUpload(`files/${index}`, `content of ${index}`))
      done += 1
      // Account token and upload URLs alike, while others are in the middle of their uploads.
      if (done === FILES / 2) emulator.expireTokens()
    })
    expect(emulator.listVisible('pail-test')).toHaveLength(FILES)
    expect(bench.countOf('authorize_account')).toBe(2)
    expect(bench.countOf('get_upload_url')).toBeLessThanOrEqual(4 * LANES)
    expect(bench.clock.sleeps).toEqual([])
    expect(emulator.violations).toEqual([])
  },
)
