/** Writes down that all planned files were sent: of a million, sending takes an hour and shows nothing that fewer do not. */
import { createHash } from 'node:crypto'
import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AbsolutePath, RelativePath, Sha1Hex, UnixMs } from '../../shared/ids.ts'
import { dataPaths } from '../../main/data-folder.ts'
import { fingerprintOf } from '../../main/engine/scan/stat-path.ts'
import { openState } from '../../main/engine/state/state.ts'

/** Ends of jobs in one transaction: many, as nearly each of them writes a page of its own of the index by content. */
const BATCH = 20_000

/** To be called while no engine has the data folder open; ends its pause as well. Throws where a file has no job. */
export function writeDownAsSent(
  dataFolder: string,
  root: string,
  files: number,
  pathOf: (index: number) => string,
): void {
  const state = openState(dataPaths(dataFolder as AbsolutePath).database)
  try {
    const [folder] = state.folders.list()
    if (folder === undefined) throw new Error('no folder to send')
    const { folderId } = folder
    const at = Date.now() as UnixMs
    for (let from = 0; from < files; from += BATCH) {
      state.transaction(() => {
        for (let index = from; index < Math.min(files, from + BATCH); index += 1) {
          const job = state.jobs.findForPath(folderId, pathOf(index) as RelativePath)
          if (job === undefined) throw new Error(`${pathOf(index)} has no job`)
          const place = join(root, job.path)
          const { dev: _, ...fingerprint } = fingerprintOf(lstatSync(place))
          const sha1 = createHash('sha1').update(readFileSync(place)).digest('hex') as Sha1Hex
          const fileId = `4_z${'0'.repeat(24)}_f${String(index).padStart(16, '0')}_d20260101_m000000_c000_v0_t0000`
          const entry = { path: job.path, fingerprint: { ...fingerprint, isOtherDevice: false }, sha1, fileId }
          state.commitUpload(job, entry, at, 'uploaded', at)
        }
      })
    }
    state.transaction(() => {
      state.settings.setPause(null)
    })
  } finally {
    state.close()
  }
}
