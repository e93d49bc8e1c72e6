/**
 * `npm run setup`: from a bare machine to one that builds, tests and shows Pail.
 *
 * Each step looks first and does only what is missing, so a second run takes a moment and touches no network.
 * `--modules-only` stops after node_modules, for what needs neither Electron nor a display.
 */
import { runMain, say } from './lib.mjs'
import { buildApp } from './setup/build.mjs'
import { installDebianPackages } from './setup/debian-packages.mjs'
import { installElectron } from './setup/electron.mjs'
import { installNodeModules } from './setup/node-modules.mjs'

await runMain(async () => {
  const started = Date.now()
  const { nodeVersion } = await installNodeModules()
  if (process.argv.includes('--modules-only')) return
  await installDebianPackages()
  const electron = await installElectron()
  await buildApp()
  say(`Set up: Node ${nodeVersion}, ${electron}, the app is built (${((Date.now() - started) / 1000).toFixed(1)} s).`)
})
