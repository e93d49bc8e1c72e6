/** Decides which of the two starters runs the engine, and with which environment. */
import { existsSync } from 'node:fs'
import type { StartProcess } from './engine-process.ts'
import { forkedStarter } from './start-forked.ts'
import { utilityStarter } from './start-utility.ts'

/** Node-API 10, which better-sqlite3 13 needs, came with Node 22.14. */
const oldestEngineNode = [22, 14] as const

/** Not for the engine: secrets come from the keychain only, and these would change the Node it runs on. */
const notPassedOn = ['B2_APPLICATION_KEY_ID', 'B2_APPLICATION_KEY', 'NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE'] as const

export type StarterOptions = {
  /** The app's folder, or its archive. */
  readonly appPath: string
  readonly dataFolder: string
  readonly env: NodeJS.ProcessEnv
  /** Version of Electron's own Node. */
  readonly nodeVersion: string
}

/** True when the engine can run on this version of Node, such as `24.1.0`. */
export function runsEngine(nodeVersion: string): boolean {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number)
  return major > oldestEngineNode[0] || (major === oldestEngineNode[0] && minor >= oldestEngineNode[1])
}

/** The environment for the engine's process: everything but what `notPassedOn` lists, and where data is kept. */
export function engineEnv(env: NodeJS.ProcessEnv, dataFolder: string): Record<string, string> {
  const passed = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !notPassedOn.some((name) => name === entry[0]),
  )
  return { ...Object.fromEntries(passed), PAIL_DATA_DIR: dataFolder }
}

/** The starter for this Electron. What is missing shows when the engine is started, as a sentence. */
export function chooseStarter(options: StarterOptions): StartProcess {
  const env = engineEnv(options.env, options.dataFolder)
  const bundleIn = (appPath: string): string => `${appPath}/out/engine/entry.mjs`
  if (runsEngine(options.nodeVersion)) return utilityStarter({ bundle: bundleIn(options.appPath), env })

  // A plain Node process cannot read inside the app's archive.
  const bundle = bundleIn(options.appPath.replace(/app\.asar$/, 'app.asar.unpacked'))
  const nodeBinary = options.env['PAIL_ENGINE_NODE'] ?? ''
  if (nodeBinary === '' || !existsSync(nodeBinary)) {
    return () => {
      throw new Error(
        `This Electron brings Node ${options.nodeVersion}, and Pail needs ${oldestEngineNode.join('.')} or newer. ` +
          'Set PAIL_ENGINE_NODE to the path of a newer Node, then start Pail again.',
      )
    }
  }
  return forkedStarter({ bundle, nodeBinary, env })
}
