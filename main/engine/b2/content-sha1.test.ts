import { describe, expect, it } from 'vitest'
import { claimedSha1, vouchedSha1, type ContentWords } from './content-sha1.ts'

const OWN = 'a'.repeat(40)
const NOTED = 'b'.repeat(40)

const words = (contentSha1: string | null | undefined, large?: string): ContentWords => ({
  contentSha1,
  fileInfo: large === undefined ? {} : { large_file_sha1: large },
})

describe('the SHA-1 of a version', () => {
  it.each<[what: string, version: ContentWords, vouched: string | null, claimed: string | null]>([
    ['is the one that B2 computed', words(OWN), OWN, OWN],
    ['is the one that B2 computed, whatever is noted beside it', words(OWN, NOTED), OWN, OWN],
    ['of a large file is the one that its uploader noted', words('none', NOTED), NOTED, NOTED],
    ['may be missing altogether', words(null), null, null],
    ['of a large file may be missing', words('none'), null, null],
    ['is not what looks like none', words('none', 'nonsense'), null, null],
    ['that B2 has not looked at is only a claim', words(`unverified:${OWN}`), null, OWN],
    ['may be written in capitals', words(OWN.toUpperCase()), OWN, OWN],
    ['of a large file may be written in capitals', words(undefined, NOTED.toUpperCase()), NOTED, NOTED],
  ])('%s', (_, version, vouched, claimed) => {
    expect([vouchedSha1(version), claimedSha1(version)]).toEqual([vouched, claimed])
  })
})
