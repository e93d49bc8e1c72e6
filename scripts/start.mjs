/**
 * `npm start` runs the built app; `npm run dev` (`--dev`) also serves the page with live reload.
 * Other arguments go to the app.
 */
import { electronLaunch } from './electron-runtime.mjs'
import { inPackages, pinnedNode, projectRoot, runInForeground, runMain } from './lib.mjs'
import { forgetBuild } from './setup/build.mjs'

await runMain(() => {
  const launch = electronLaunch({ args: process.argv.slice(2).filter((argument) => argument !== '--dev') })
  if (!process.argv.includes('--dev')) return runInForeground(launch.executablePath, launch.args, { env: launch.env })

  forgetBuild()
  // electron-vite starts Electron itself, and names the app itself.
  const args = launch.args.filter((argument) => argument !== projectRoot)
  return runInForeground(pinnedNode(), [inPackages('electron-vite/bin/electron-vite.js'), 'dev', '--', ...args], {
    env: { ...launch.env, ELECTRON_EXEC_PATH: launch.executablePath },
  })
})
