/**
 * `npm run check [-- STEP...]`: everything that can be said about the code without starting the app. One line a step,
 * and the whole output only of steps that failed.
 */
import { availableParallelism } from 'node:os'
import { inPackages, pinnedNode, runMain, runQuietly, say, SetupError } from './lib.mjs'

/** The longest first, so that the short ones fill the gaps. @type {Record<string, readonly string[]>} */
const steps = {
  lint: ['eslint/bin/eslint.js', '.', '--max-warnings=0'],
  types: ['typescript/bin/tsc', '-p', '.'],
  'types of the page': ['typescript/bin/tsc', '-p', 'renderer'],
  'types of the end-to-end tests': ['typescript/bin/tsc', '-p', 'test/e2e'],
  boundaries: [
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config',
    '.dependency-cruiser.mjs',
    'main',
    'preload',
    'renderer',
    'shared',
    'test',
    'scripts',
  ],
  'dead code': ['knip/bin/knip.js', '--no-progress'],
  format: ['prettier/bin/prettier.cjs', '--check', '.'],
}

await runMain(async () => {
  const chosen = process.argv.slice(2)
  const unknown = chosen.find((name) => !(name in steps))
  if (unknown) throw new SetupError(`There is no step "${unknown}". Steps: ${Object.keys(steps).join(', ')}.`)
  const queue = Object.entries(steps).filter(([name]) => chosen.length === 0 || chosen.includes(name))
  /** @type {{ name: string, output: string }[]} */
  const failures = []

  async function work() {
    for (let step = queue.shift(); step; step = queue.shift()) {
      const [name, [file = '', ...args]] = step
      const started = Date.now()
      const { ok, output } = await runQuietly(pinnedNode(), [inPackages(file), ...args])
      say(`${ok ? 'ok    ' : 'FAILED'}  ${name}  ${((Date.now() - started) / 1000).toFixed(1)} s`)
      if (!ok) failures.push({ name, output })
    }
  }
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work))

  for (const { name, output } of failures) say(`\n== ${name} ==\n${output.trimEnd()}`)
  return failures.length > 0 ? 1 : 0
})
