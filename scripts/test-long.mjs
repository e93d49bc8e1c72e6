/**
 * `npm run test:long [-- FILTER...]`: the suites that look for what nobody thought of, in their long form: more games of
 * chance, every scenario in every way, a kill at every effect, a hundred rounds of kills, drives pulled out at more
 * moments, and other people's clients as judges. Half an hour or more. The last line is the sum, as that of `npm test`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inPackages, isOnPath, pinnedNode, runInForeground, runMain, say, SetupError } from './lib.mjs'
import { describeSum, readReport } from './test-report.mjs'

/** Parts of the paths of these suites' files. */
const suites = [
  'test/scenarios/',
  'test/crash/',
  'engine-unmount',
  'engine-unreadable',
  'engine-full-disk',
  'engine-fault-matrix',
  'test/property/',
]

/** Of one test, milliseconds, where it does not say otherwise itself. */
const TEST_TIMEOUT_MS = 1_800_000

await runMain(async () => {
  if (!isOnPath('rclone')) throw new SetupError('rclone judges these tests. On Debian: apt-get install rclone')
  const chosen = process.argv.slice(2)
  const reports = mkdtempSync(path.join(tmpdir(), 'pail-test-long-'))
  const report = path.join(reports, 'report.json')
  const args = [
    inPackages('vitest/vitest.mjs'),
    'run',
    ...['unit', 'integration'].flatMap((project) => ['--project', project]),
    `--testTimeout=${TEST_TIMEOUT_MS}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...(chosen.length > 0 ? chosen : suites),
  ]
  try {
    const exitCode = await runInForeground(pinnedNode(), args, { env: { ...process.env, PAIL_TEST_LONG: '1' } })
    const sum = readReport(report, exitCode)
    say(`\n${describeSum(sum)}`)
    // A filter that matches nothing has tested nothing.
    return sum.failed > 0 || sum.passed === 0 ? 1 : 0
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
})
