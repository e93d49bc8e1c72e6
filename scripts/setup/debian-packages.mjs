/**
 * Installs the Debian and Ubuntu packages that the app, the tests and the demo need. Does nothing on macOS and Windows,
 * and only looks on other Linux systems.
 */
import { readdirSync, statSync } from 'node:fs'
import { isOnPath, outputOf, runQuietly, say, SetupError } from '../lib.mjs'

/** One package each; where a name differs between releases, the newest first. */
const packages = [
  // What Electron needs to start.
  ['libgtk-3-0t64', 'libgtk-3-0'],
  ['libnss3'],
  ['libasound2t64', 'libasound2'],
  ['libgbm1'],
  ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'],
  ['libdrm2'],
  ['libxkbcommon0'],
  ['libnotify4'],
  ['libxss1'],
  // The keychain, and looking into it from outside.
  ['libsecret-1-0'],
  ['gnome-keyring'],
  ['libsecret-tools'],
  // A desktop without a display: X server, session bus, fonts for honest screenshots.
  ['xvfb'],
  ['dbus'],
  ['fonts-dejavu-core'],
  ['fonts-noto-color-emoji'],
  ['xclip'],
  // Opens links as somebody else would.
  ['curl'],
  // What is written for KDE's menus, as others read it.
  ['desktop-file-utils'],
  // B2 clients that others wrote: a second opinion on what is in the bucket, and on the emulator.
  ['rclone'],
  ['python3-b2sdk'],
]

/** Programs of those packages, to look for where there is no dpkg. */
const programs = [
  'Xvfb',
  'dbus-daemon',
  'dbus-send',
  'gnome-keyring-daemon',
  'secret-tool',
  'xclip',
  'curl',
  'desktop-file-validate',
  'rclone',
]

/** Throws a SetupError that lists what to install where we may not do it ourselves. */
export async function installDebianPackages() {
  if (process.platform !== 'linux') return
  if (!isOnPath('dpkg-query') || !isOnPath('apt-get')) return lookForPrograms()

  const missing = missingPackages()
  if (missing.length === 0) return
  const root = asRoot()
  if (root && areListsOld()) await apt(root, ['update'])
  const names = missing.map((names) => names.find(isInstallable) ?? names[names.length - 1] ?? '')
  if (!root) {
    throw new SetupError(
      `Pail needs these packages; install them and try again:\n\n  sudo apt-get install ${names.join(' ')}`,
    )
  }
  say(`Installing ${names.length} Debian packages: ${names.join(' ')} ...`)
  const install = ['install', '--yes', '--no-install-recommends', ...names]
  let { ok, output } = await apt(root, install)
  if (!ok) {
    // Package lists that are too old name files which are gone from the mirror.
    await apt(root, ['update'])
    ;({ ok, output } = await apt(root, install))
  }
  if (!ok) throw new SetupError(`${output}\napt-get could not install the packages; its own words are above.`)
}

function lookForPrograms() {
  const absent = programs.filter((program) => !isOnPath(program))
  if (absent.length > 0) {
    say(
      `This is not Debian or Ubuntu: tests and demo also need ${absent.join(', ')}, and Electron the libraries of GTK 3 and NSS.`,
    )
  }
}

/** The entries of the list of which no variant is installed. */
function missingPackages() {
  // dpkg-query fails as soon as one name is unknown, but still prints the others.
  const all = packages.flat()
  const lines =
    outputOf('sh', [
      '-c',
      `dpkg-query -W -f '\${db:Status-Abbrev} \${Package}\\n' ${all.join(' ')} 2>/dev/null; true`,
    ]) ?? ''
  const installed = new Set(
    lines
      .split('\n')
      .filter((line) => line.startsWith('ii'))
      .map((line) => line.split(/\s+/)[1]),
  )
  return packages.filter((names) => !names.some((name) => installed.has(name)))
}

/** Whether apt can install a package of this very name here. @param {string} name */
function isInstallable(name) {
  return /^ {2}Candidate: (?!\(none\))/m.test(outputOf('apt-cache', ['policy', name]) ?? '')
}

/** How to become root without being asked anything, or undefined. @returns {readonly string[] | undefined} */
function asRoot() {
  if (process.getuid?.() === 0) return []
  return outputOf('sudo', ['-n', 'true']) === undefined ? undefined : ['sudo', '-n']
}

/** Whether apt's package lists are missing or more than a day old. */
function areListsOld() {
  try {
    const folder = '/var/lib/apt/lists'
    const lists = readdirSync(folder).filter((name) => name.includes('_Packages'))
    return lists.length === 0 || Date.now() - statSync(folder).mtimeMs > 24 * 3600_000
  } catch {
    return true
  }
}

/** @param {readonly string[]} root @param {readonly string[]} args */
function apt(root, args) {
  const [command = '', ...rest] = [...root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', ...args]
  return runQuietly(command, rest)
}
