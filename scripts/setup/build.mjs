/**
 * Builds the app into out/, unless what is there was made from the same sources.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { inPackages, pinnedNode, projectRoot, runQuietly, say, SetupError } from '../lib.mjs'

const sources = [
  'main',
  'preload',
  'renderer',
  'shared',
  'assets',
  'electron.vite.config.ts',
  'engine.vite.config.ts',
  'tsconfig.json',
  'package-lock.json',
]

/** What was built from; beside the output, so that it goes away with it. */
const stamp = path.join(projectRoot, 'out', '.built-from.json')

/** Throws a SetupError with the bundler's output when the build fails. */
export async function buildApp() {
  const builtFrom = JSON.stringify(sources.flatMap((source) => describeTree(source)))
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === builtFrom) return
  say('Building the app ...')
  const node = pinnedNode()
  const results = await Promise.all([
    runQuietly(node, [inPackages('electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn']),
    runQuietly(node, [
      inPackages('vite/bin/vite.js'),
      'build',
      '--config',
      'engine.vite.config.ts',
      '--logLevel',
      'warn',
    ]),
  ])
  const output = results.map((result) => result.output).join('')
  if (results.some((result) => !result.ok))
    throw new SetupError(`${output}\nThe app could not be built; the reason is above.`)
  if (output.trim() !== '') say(output.trim())
  writeFileSync(stamp, builtFrom)
}

/** Has the next set-up build again. For what writes into out/ in another way. */
export function forgetBuild() {
  rmSync(stamp, { force: true })
}

/** One line for each file that can change the output: place, size and time. @param {string} place @returns {string[]} */
function describeTree(place) {
  const file = path.join(projectRoot, place)
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat || /[.]test[.]tsx?$/.test(place)) return []
  if (!stat.isDirectory()) return [`${place} ${stat.size} ${stat.mtimeMs}`]
  return readdirSync(file)
    .sort()
    .flatMap((name) => describeTree(`${place}/${name}`))
}
