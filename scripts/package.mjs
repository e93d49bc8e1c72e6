/**
 * `npm run package [-- ELECTRON-BUILDER'S ARGUMENTS]`: makes the installable app of this platform in dist/.
 *
 * With the replacement runtime (setup/electron.mjs) the only target is the unpacked folder, `-- --linux dir`: it is what
 * the tests run, and not for users. The other targets fetch tools from hosts which such machines cannot reach.
 */
import { readElectronChoice } from './electron-runtime.mjs'
import { inPackages, pinnedNode, runInForeground, runMain } from './lib.mjs'

await runMain(() => {
  const choice = readElectronChoice()
  const runtime = choice?.isFallback
    ? [`--config.electronDist=${choice.dist}`, `--config.electronVersion=${choice.version}`]
    : []
  const args = ['--publish', 'never', ...process.argv.slice(2), ...runtime]
  return runInForeground(pinnedNode(), [inPackages('electron-builder/cli.js'), ...args])
})
