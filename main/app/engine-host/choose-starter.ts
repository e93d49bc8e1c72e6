/** Decides which of the two starters runs the engine. */
import { existsSync } from 'node:fs'
import { texts } from '../i18n/texts.ts'
import type { StartProcess } from './engine-process.ts'
import { engineEnv, oldestEngineNode, runsEngine } from './engine-needs.ts'
import { forkedStarter } from './start-forked.ts'
import { utilityStarter } from './start-utility.ts'

export type StarterOptions = {
  /** The app's folder, or its archive. */
  readonly appPath: string
  readonly dataFolder: string
  readonly env: NodeJS.ProcessEnv
  /** Version of Electron's own Node. */
  readonly nodeVersion: string
}

/** The starter for this Electron. What is missing shows when the engine is started, as a sentence. */
export function chooseStarter(options: StarterOptions): StartProcess {
  const env = engineEnv(options.env, options.dataFolder)
  // In a packaged app the engine lies beside the archive, with its native modules: a plain Node cannot read inside.
  const bundle = `${options.appPath.replace(/app\.asar$/, 'app.asar.unpacked')}/out/engine/entry.mjs`
  if (runsEngine(options.nodeVersion)) return utilityStarter({ bundle, env })

  const nodeBinary = options.env['PAIL_ENGINE_NODE'] ?? ''
  if (nodeBinary === '' || !existsSync(nodeBinary)) {
    return () => {
      throw new Error(texts().engine.nodeTooOld(options.nodeVersion, oldestEngineNode.join('.')))
    }
  }
  return forkedStarter({ bundle, nodeBinary, env })
}
