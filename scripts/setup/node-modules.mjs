/**
 * Brings node_modules in line with package-lock.json.
 *
 * Install scripts never run: every native module we use brings its binary inside its package, and so does the pinned
 * Node (the `node-<platform>-<arch>` packages), so all that is installed is covered by the lock file's hashes.
 */
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { npmCommand, outputOf, packagedNode, pinnedNode, projectRoot, runQuietly, say, SetupError } from '../lib.mjs'

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockedPackage */

/**
 * Installs what is missing. Throws a SetupError with npm's output when that fails.
 * @returns {Promise<{ nodeVersion: string }>} the version of the Node that runs the rest.
 */
export async function installNodeModules() {
  if (!areModulesInstalled()) {
    say('Installing node_modules from package-lock.json ...')
    const npm = npmCommand()
    const args = [
      ...npm.args,
      'ci',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--engine-strict=false',
      '--loglevel=error',
    ]
    const { ok, output } = await runQuietly(npm.command, args, { shell: npm.shell })
    if (!ok)
      throw new SetupError(
        `${output}\nnpm could not install the packages of package-lock.json; its own words are above.`,
      )
  }
  linkNode()
  return { nodeVersion: (outputOf(pinnedNode(), ['--version']) ?? '').trim().replace(/^v/, '') }
}

function areModulesInstalled() {
  const installed = readPackages(path.join('node_modules', '.package-lock.json'))
  const wanted = readPackages('package-lock.json')
  return installed !== undefined && wanted !== undefined && isInstalled(wanted, installed)
}

/** @param {string} file @returns {Record<string, LockedPackage> | undefined} */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(path.join(projectRoot, file), 'utf8')).packages
  } catch {
    return undefined
  }
}

/**
 * Whether what npm noted as installed is what the lock file asks for. Optional packages may be absent: they are for other platforms.
 * @param {Record<string, LockedPackage>} wanted `packages` of package-lock.json
 * @param {Record<string, LockedPackage>} installed `packages` of node_modules/.package-lock.json
 */
export function isInstalled(wanted, installed) {
  return Object.entries(wanted).every(([place, { version, integrity, optional, devOptional }]) => {
    if (place === '') return true
    const found = installed[place]
    if (!found) return optional === true || devOptional === true
    return found.version === version && found.integrity === integrity
  })
}

/**
 * Makes `node` in node_modules/.bin the pinned one, which is how every npm script gets it. npm makes this link itself,
 * but some versions take it away again when they skip the packages of other platforms, which all have a `node` too.
 */
function linkNode() {
  const node = packagedNode()
  if (!node) return
  const bin = path.join(projectRoot, 'node_modules', '.bin')
  mkdirSync(bin, { recursive: true })
  if (process.platform === 'win32') {
    if (!existsSync(path.join(bin, 'node.cmd')))
      writeFileSync(path.join(bin, 'node.cmd'), `@"%~dp0\\${path.relative(bin, node)}" %*\r\n`)
    return
  }
  const link = path.join(bin, 'node')
  const target = path.relative(bin, node)
  if (readLink(link) === target) return
  rmSync(link, { force: true })
  symlinkSync(target, link)
}

/** @param {string} file */
function readLink(file) {
  try {
    return readlinkSync(file)
  } catch {
    return undefined
  }
}
