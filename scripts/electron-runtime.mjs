/**
 * Which Electron this clone runs, and how to start the app with it. Start, demo and tests all come through here.
 */
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { cloneCache, pinnedNode, projectRoot, SetupError } from './lib.mjs'

/**
 * @typedef {object} ElectronChoice
 * @property {string} version such as "45.4.1"
 * @property {string} dist the folder of the runtime as it was fetched, for electron-builder
 * @property {string} executable the program to start
 * @property {boolean} isFallback the registry-hosted runtime: it has no default app, so our app is linked into a copy of its own
 */

const note = path.join(cloneCache, 'electron.json')

/** The runtime set-up chose, or undefined when there is none yet or it is gone. @returns {ElectronChoice | undefined} */
export function readElectronChoice() {
  try {
    /** @type {ElectronChoice} */
    const choice = JSON.parse(readFileSync(note, 'utf8'))
    return existsSync(choice.executable) && existsSync(choice.dist) ? choice : undefined
  } catch {
    return undefined
  }
}

/** @param {ElectronChoice} choice */
export function writeElectronChoice(choice) {
  mkdirSync(cloneCache, { recursive: true })
  writeFileSync(note, `${JSON.stringify(choice, null, 2)}\n`)
  return choice
}

/** @param {ElectronChoice} choice */
export function describeElectron({ version, isFallback }) {
  return isFallback
    ? `Electron ${version} from the npm registry (for tests and demo on machines that cannot download the shipped one; never shipped)`
    : `Electron ${version}`
}

/**
 * Makes a copy of the replacement runtime with an app of its own, this clone's and the project by default, and returns
 * the executable. Hard links cost no space, and unlike a symbolic link the executable then finds its resources beside itself.
 * @param {string} dist
 * @param {string} [app] the app's folder
 * @param {string} [own] where the copy goes
 */
export function linkFallbackRuntime(dist, app = projectRoot, own = path.join(cloneCache, 'electron')) {
  rmSync(own, { recursive: true, force: true })
  linkTree(dist, own)
  symlinkSync(app, path.join(own, 'resources', 'app'))
  return path.join(own, 'electron')
}

/** @param {string} from @param {string} to */
function linkTree(from, to) {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name)
    const target = path.join(to, entry.name)
    if (entry.isDirectory()) linkTree(source, target)
    else linkOrCopy(source, target)
  }
}

/** @param {string} source @param {string} target */
function linkOrCopy(source, target) {
  try {
    linkSync(source, target)
  } catch {
    // Another file system, or one without hard links.
    copyFileSync(source, target)
  }
}

/**
 * How to start the built app: `spawn(executablePath, args, { env })`, or the same three for Playwright's `_electron.launch`.
 * Throws a SetupError when no runtime is set up.
 * @param {{ args?: readonly string[], env?: Record<string, string>, packaged?: string }} [options]
 *   `args` go to the app; `env` is added to ours; `packaged` is the executable of a packaged app to start instead.
 * @returns {{ executablePath: string, args: string[], env: Record<string, string> }}
 */
export function electronLaunch({ args = [], env = {}, packaged } = {}) {
  const choice = readElectronChoice()
  if (!choice) throw new SetupError('There is no Electron yet: run `npm run setup` first.')
  const switches = []
  if (needsNoSandbox(packaged ?? choice.executable)) switches.push('--no-sandbox')
  if (process.env['PAIL_VIRTUAL_DESKTOP']) switches.push('--disable-gpu')
  const app = packaged || choice.isFallback ? [] : [projectRoot]
  return {
    executablePath: packaged ?? choice.executable,
    args: [...switches, ...app, ...args],
    env: { ...inheritedEnvironment(), PAIL_ENGINE_NODE: pinnedNode(), ...env },
  }
}

/** Our environment without what would make Electron something else, and without npm's own variables. @returns {Record<string, string>} */
function inheritedEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined && !/^(npm_|ELECTRON_RUN_AS_NODE$|NODE_OPTIONS$|VITEST|TEST$|NODE_ENV$)/.test(name),
  )
  return /** @type {Record<string, string>} */ (Object.fromEntries(kept))
}

/**
 * Chromium refuses its sandbox to root, and cannot have one where the system forbids user namespaces (as Ubuntu does
 * since 24.04) and nobody made the helper beside the executable setuid root, which only an installed package does.
 * @param {string} executable
 */
function needsNoSandbox(executable) {
  if (process.platform !== 'linux') return false
  if (process.getuid?.() === 0) return true
  const helper = statSync(path.join(path.dirname(executable), 'chrome-sandbox'), { throwIfNoEntry: false })
  if (helper?.uid === 0 && (helper.mode & 0o4000) !== 0) return false
  return (
    readNumber('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === 1 ||
    readNumber('/proc/sys/kernel/unprivileged_userns_clone') === 0 ||
    readNumber('/proc/sys/user/max_user_namespaces') === 0
  )
}

/** @param {string} file */
function readNumber(file) {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
