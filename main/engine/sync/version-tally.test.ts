import { describe, expect, it, onTestFinished } from 'vitest'
import { seededRandom } from '../../../test/b2-emulator/random.ts'
import { allRows, BUCKET, MODIFIED, startB2Bench } from '../../../test/support/b2-bench.ts'
import { VersionTally } from './version-tally.ts'

const NAMES = ['p/a', 'p/a/b', 'p/b', 'p/c', 'p/c.txt', 'q/outside']
const STEPS = 120

describe('a listing of all versions', () => {
  it.each([1, 2, 3])('shows what a listing of names shows, and counts the rest: seed %d', async (seed) => {
    const bench = await startB2Bench({ seed })
    onTestFinished(() => bench.close())
    const { bucketId, emulator } = bench
    const b2 = bench.connect()
    const random = seededRandom(seed)
    const one = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T
    for (let step = 0; step < STEPS; step += 1) {
      const fileName = one(NAMES)
      const kind = random()
      if (kind < 0.55) await b2.uploadFile(bench.anUpload(fileName, 'x'.repeat(Math.floor(random() * 40))))
      else if (kind < 0.75) await b2.hideFile(bucketId, fileName)
      else if (kind < 0.85)
        await b2.startLargeFile({ bucketId, fileName, fileInfo: {}, srcLastModifiedMillis: MODIFIED })
      else {
        const version = emulator.fileVersions(BUCKET).find((each) => each.fileName === fileName)
        if (version !== undefined) await b2.deleteFileVersion(fileName, version.fileId)
      }
    }
    const inside = emulator.fileVersions(BUCKET).filter(({ fileName }) => fileName.startsWith('p/'))
    const visible = (await allRows(b2.listFileNames(bucketId, { prefix: 'p/' }))).map(({ fileId }) => fileId)
    const old = inside.filter(({ action, fileId }) => action === 'upload' && !visible.includes(fileId))
    // Versions of one name lie on several pages.
    for (const pageSize of [1, 2, 7, 1000]) {
      const tally = new VersionTally()
      const shown: string[] = []
      for await (const page of b2.listFileVersions(bucketId, { prefix: 'p/', pageSize })) {
        shown.push(...tally.read(page).map(({ fileId }) => fileId))
      }
      expect({ shown, old: tally.old, unfinished: tally.unfinished.length }).toEqual({
        shown: visible,
        old: { files: old.length, bytes: old.reduce((sum, { contentLength }) => sum + contentLength, 0) },
        unfinished: inside.filter(({ action }) => action === 'start').length,
      })
    }
  })
})
