/**
 * `npm run package [-- ARGUMENTS OF ELECTRON-BUILDER]`: makes the installable app of this platform in dist/.
 *
 * `--for-tests` makes an unpacked app in dist/for-tests instead, which differs in one thing: a debugger may attach to its
 * main process, because that is how the tests drive it. It is also all that the replacement runtime
 * (setup/electron.mjs) is good for; the other targets fetch tools from hosts which such machines cannot reach.
 */
import { readElectronChoice } from './electron-runtime.mjs'
import { inPackages, pinnedNode, runInForeground, runMain } from './lib.mjs'

const forTests = [
  '--dir',
  '--config.directories.output=dist/for-tests',
  '--config.electronFuses.enableNodeCliInspectArguments=true',
]

await runMain(() => {
  const choice = readElectronChoice()
  const runtime = choice?.isFallback
    ? [`--config.electronDist=${choice.dist}`, `--config.electronVersion=${choice.version}`]
    : // The replacement is older than this fuse.
      ['--config.electronFuses.grantFileProtocolExtraPrivileges=false']
  const given = process.argv.slice(2).flatMap((argument) => (argument === '--for-tests' ? forTests : argument))
  return runInForeground(pinnedNode(), [
    inPackages('electron-builder/cli.js'),
    '--publish',
    'never',
    ...runtime,
    ...given,
  ])
})
