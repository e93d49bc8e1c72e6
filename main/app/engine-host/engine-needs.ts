/** What the engine's process needs to run: a Node that is new enough, and an environment without secrets. */

/** Node-API 10, which better-sqlite3 13 needs, came with Node 22.14; the list of authorities that TLS trusts, with 22.15. */
export const oldestEngineNode = [22, 15] as const

/** Not for the engine: secrets come from the keychain only, and these would change the Node it runs on. */
const notPassedOn = ['B2_APPLICATION_KEY_ID', 'B2_APPLICATION_KEY', 'NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE'] as const

/**
 * For V8: how many MB each half of the young heap may have, which by itself grows to 64, and how many percent the old one
 * grows before it is tidied, by itself 300. A client that is always there should be small; what it has to do is to wait
 * for disk and network, and it takes no more processor time for it.
 */
export const heapFlags = ['--max-semi-space-size=4', '--heap-growing-percent=60'] as const

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
