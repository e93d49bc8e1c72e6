import { describe, expect, it } from 'vitest'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { assertFreePlace } from './free-place.ts'

const root = '/home/maria/Documents' as AbsolutePath
const folders = [{ bucketId: 'b', prefix: 'shared/docs/', root }]

describe('assertFreePlace', () => {
  it.each(['shared/docs/a.txt', 'shared/docs/in/a.txt', 'shared/docs/', 'shared/'])('refuses %s', (name) => {
    expect(() => assertFreePlace('b', name, folders)).toThrow(
      expect.objectContaining({ code: 'place_is_synced', details: { root, place: 'shared/docs/' } }),
    )
  })

  it.each(['shared/a.txt', 'shared/docs', 'shared/docs.txt', 'other/'])('lets %s in', (name) => {
    expect(() => assertFreePlace('b', name, folders)).not.toThrow()
  })

  it('knows buckets apart, and refuses every name where a whole bucket is synced', () => {
    expect(() => assertFreePlace('other', 'shared/docs/a', folders)).not.toThrow()
    expect(() => assertFreePlace('b', 'x', [{ bucketId: 'b', prefix: '', root }])).toThrow()
  })
})
