/**
 * `npm test [-- FILTER...]`: unit and integration tests, then the end-to-end tests on a virtual desktop (on macOS and
 * Windows on the real one). Filters are parts of test files' paths. The last line is the sum of all.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inPackages, pinnedNode, runInForeground, runMain, say } from './lib.mjs'
import { addUp, describeSum, readReport } from './test-report.mjs'
import { runOnVirtualDesktop } from './virtual-desktop.mjs'

const parts = [
  { name: 'unit and integration tests', projects: ['unit', 'integration'], needsDesktop: false },
  { name: 'end-to-end tests', projects: ['e2e'], needsDesktop: true },
]

await runMain(async () => {
  const reports = mkdtempSync(path.join(tmpdir(), 'pail-test-'))
  const sums = []
  try {
    for (const [index, { name, projects, needsDesktop }] of parts.entries()) {
      say(`\n== ${name} ==`)
      const report = path.join(reports, `${index}.json`)
      const args = [
        inPackages('vitest/vitest.mjs'),
        'run',
        ...projects.flatMap((project) => ['--project', project]),
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...process.argv.slice(2),
      ]
      const run = needsDesktop && process.platform === 'linux' ? runOnVirtualDesktop : runInForeground
      const exitCode = await run(pinnedNode(), args)
      sums.push(readReport(report, exitCode))
    }
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
  const sum = addUp(sums)
  say(`\n${describeSum(sum)}`)
  // A filter that matches nothing has tested nothing.
  return sum.failed > 0 || sum.passed === 0 ? 1 : 0
})
