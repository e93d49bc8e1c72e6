import { describe, expect, it } from 'vitest'
import type { Sha1Hex } from '../../../shared/ids.ts'
import type { HashedContent } from '../model/content.ts'
import { planParts } from './delta-plan.ts'

const hash = (name: string) => name.padEnd(40, '0') as Sha1Hex

/** Blocks of 10 bytes; `runs` as first and count. */
function aContent(blocks: string, runs: readonly [number, number][]): HashedContent {
  return {
    sha1: hash('all'),
    blocks: { blockBytes: 10, sha1s: blocks.split(',').map(hash) },
    runs: runs.map(([first, count]) => ({ first, count, sha1: hash(`run${first}`) })),
  }
}
/** Each part as `s` or `c`, start and length. */
const shape = (content: HashedContent, sizeBytes: number, from: string | null = 'old') =>
  planParts(content, sizeBytes, from).map(
    ({ start, contentLength, copyFrom }) => `${copyFrom === null ? 's' : 'c'}${start}+${contentLength}`,
  )

describe('the parts of a large file', () => {
  it('are its blocks where nothing of it is in B2', () => {
    expect(shape(aContent('a,b,c', []), 25)).toEqual(['s0+10', 's10+10', 's20+5'])
    expect(planParts(aContent('a,b', []), 20, null)[1]).toEqual({
      start: 10,
      contentLength: 10,
      sha1: hash('b'),
      copyFrom: null,
    })
  })

  it('are copied in runs where B2 has the same bytes in the same place', () => {
    const content = aContent('a,b,c,d,e', [
      [0, 2],
      [3, 2],
    ])
    expect(shape(content, 48)).toEqual(['c0+20', 's20+10', 'c30+18'])
    expect(planParts(content, 48, 'old')[2]).toEqual({
      start: 30,
      contentLength: 18,
      sha1: hash('run3'),
      copyFrom: { fileId: 'old', sourceStart: 30 },
    })
  })

  it('are all copied where nothing has changed, and all sent without a source', () => {
    expect(shape(aContent('a,b,c', [[0, 3]]), 30)).toEqual(['c0+30'])
    expect(shape(aContent('a,b,c', [[0, 3]]), 30, null)).toEqual(['s0+10', 's10+10', 's20+10'])
  })

  it('are sent where B2 has less than a twentieth of them', () => {
    const blocks = Array(21).fill('x').join()
    expect(shape(aContent(blocks, [[5, 1]]), 210)).toHaveLength(21)
    expect(shape(aContent(blocks, [[5, 1]]), 210).filter((part) => part.startsWith('c'))).toEqual([])
    expect(shape(aContent(blocks, [[5, 2]]), 210).filter((part) => part.startsWith('c'))).toEqual(['c50+20'])
  })
})
