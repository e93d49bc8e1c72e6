/** A folder that is gone after the test. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { AbsolutePath } from '../../shared/ids.ts'

/** To be called inside a test. */
export function tempFolder(): AbsolutePath {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pail-test-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder as AbsolutePath
}
