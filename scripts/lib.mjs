/**
 * What the scripts share: places, running programs, and the pinned Node.
 *
 * Runs on Node 20 and needs no package, because set-up runs before node_modules exists.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

/** The project's folder. */
export const projectRoot = path.resolve(import.meta.dirname, '..')

/** Where the scripts keep what they made for this clone. It goes away with node_modules. */
export const cloneCache = path.join(projectRoot, 'node_modules', '.cache', 'pail')

/** Something the person at the keyboard has to do. The message is all they get to see; no stack. */
export class SetupError extends Error {}

/** Prints one line of progress. @param {string} text */
export function say(text) {
  process.stdout.write(`${text}\n`)
}

/**
 * The Node that runs everything but set-up: the one package.json pins for this platform, else the running one.
 * Undefined when neither is new enough to run TypeScript as it is (Node 24).
 * @returns {string | undefined}
 */
export function findPinnedNode() {
  const packaged = packagedNode()
  if (packaged) return packaged
  return Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : undefined
}

/** The same, and throws a SetupError where there is none. @returns {string} */
export function pinnedNode() {
  const node = findPinnedNode()
  if (!node)
    throw new SetupError('Pail is built with Node 24, and no package brings it here. Install Node 24 and try again.')
  return node
}

/** The Node binary among node_modules, or undefined. @returns {string | undefined} */
export function packagedNode() {
  const names = [
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    `node-bin-${process.platform}-${process.arch}`,
  ]
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  return names
    .map((name) => path.join(projectRoot, 'node_modules', name, 'bin', file))
    .find((binary) => existsSync(binary))
}

/** The file of a package that runs on the pinned Node, such as `bin('vite/bin/vite.js')`. @param {string} file */
export function inPackages(file) {
  return path.join(projectRoot, 'node_modules', ...file.split('/'))
}

/**
 * Command and first arguments that start npm: the one that runs us, else the one on the PATH.
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
export function npmCommand() {
  const running = process.env['npm_execpath']
  if (running && path.basename(running) === 'npm-cli.js')
    return { command: process.execPath, args: [running], shell: false }
  return { command: 'npm', args: [], shell: process.platform === 'win32' }
}

/**
 * Runs a program to its end, quietly. Never throws for a failing program.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean, timeoutMs?: number }} [options]
 * @returns {Promise<{ ok: boolean, output: string, stdout: string }>} `output` has both streams in order; `ok` is false when it could not start.
 */
export function runQuietly(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? projectRoot,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    })
    let output = ''
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text))
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}\n`, stdout }))
    child.on('close', (code) => resolve({ ok: code === 0, output, stdout }))
  })
}

/**
 * Runs a program with our own input and output, passes SIGINT and SIGTERM on, and resolves to its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>}
 */
export function runInForeground(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? projectRoot,
      env: options.env ?? process.env,
      stdio: 'inherit',
    })
    const pass = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal)
    process.on('SIGINT', pass).on('SIGTERM', pass)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      process.off('SIGINT', pass).off('SIGTERM', pass)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143))
    })
  })
}

/** Whether a program of that name is on the PATH. @param {string} program */
export function isOnPath(program) {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .some((folder) => folder !== '' && existsSync(path.join(folder, program)))
}

/** Runs a small program and returns its standard output, or undefined when it fails. @param {string} command @param {readonly string[]} args */
export function outputOf(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return status === 0 ? stdout : undefined
}

/**
 * Runs a script's main function: a SetupError ends it with its message alone and exit code 1.
 * @param {() => Promise<number | void>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`\n${error.message}\n`)
    process.exitCode = 1
  }
}
