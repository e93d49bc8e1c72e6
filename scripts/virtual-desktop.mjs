/**
 * A desktop for programs that need one where there is none: `node scripts/virtual-desktop.mjs COMMAND ARGS...`
 *
 * The command gets an X server of its own, a session bus, an unlocked gnome-keyring, and fresh folders for everything
 * that is usually below the home folder, so it sees nothing of the person's own data and leaves nothing behind. It ends
 * with the command's exit code, after every process that belongs to this desktop is gone. Linux only.
 *
 * The command finds in its environment: DISPLAY, DBUS_SESSION_BUS_ADDRESS, HOME, TMPDIR, XDG_*_HOME, XDG_RUNTIME_DIR;
 * PAIL_VIRTUAL_DESKTOP (the folder of all this); PAIL_KEYRING_PID and PAIL_KEYRING_PASSWORD, to end, lock or unlock the keyring.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runInForeground, runMain, SetupError } from './lib.mjs'

/** Any text but an empty one, with which gnome-keyring makes no collection. It guards nothing: the keyring is in a temporary folder. */
const keyringPassword = 'virtual desktop'

/** Room for the main window (at most 1200 x 800) and dialogs beside it. */
const screen = '1400x1000x24'

/** How long X server, bus and keyring may take to start. They need well under a second each; a busy machine gets more. */
const startWithinMs = 30_000

/** How long processes that outlive the command get to end by themselves. */
const endWithinMs = 3000

/**
 * Runs the command to its end on a desktop of its own and resolves to its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [environment] what the command sees besides
 * @returns {Promise<number>}
 */
export async function runOnVirtualDesktop(command, args, environment = process.env) {
  // Short: the path of a Unix socket below it has to fit into 107 bytes.
  const folder = mkdtempSync(path.join(tmpdir(), 'pail-desktop-'))
  const env = { ...environment, ...makeFolders(folder), PAIL_VIRTUAL_DESKTOP: folder }
  try {
    await startXServer(env)
    await startBus(env)
    await startKeyring(env)
    return await runInForeground(command, args, { cwd: process.cwd(), env })
  } finally {
    await endProcesses(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** @param {string} folder @returns {NodeJS.ProcessEnv} */
function makeFolders(folder) {
  const places = {
    HOME: 'home',
    TMPDIR: 'tmp',
    XDG_CONFIG_HOME: 'home/.config',
    XDG_DATA_HOME: 'home/.local/share',
    XDG_STATE_HOME: 'home/.local/state',
    XDG_CACHE_HOME: 'home/.cache',
    XDG_RUNTIME_DIR: 'run',
  }
  /** @type {NodeJS.ProcessEnv} */
  const env = {}
  for (const [name, place] of Object.entries(places)) {
    env[name] = path.join(folder, place)
    mkdirSync(env[name], { recursive: true, mode: 0o700 })
  }
  return env
}

/**
 * Starts a program that ends with us, however we end: the kernel sees to it even when we are killed.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
function spawnService(program, args, options) {
  return spawn('setpriv', ['--pdeathsig', 'TERM', program, ...args], options)
}

/** @param {NodeJS.ProcessEnv} env is given DISPLAY */
async function startXServer(env) {
  delete env['WAYLAND_DISPLAY']
  delete env['XAUTHORITY']
  // The server picks a free number itself and writes it to descriptor 3 once it can be used.
  const server = spawnService('Xvfb', ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp'], {
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  env['DISPLAY'] = `:${await firstLine(server, server.stdio[3], 'Xvfb')}`
}

/** @param {NodeJS.ProcessEnv} env is given DBUS_SESSION_BUS_ADDRESS */
async function startBus(env) {
  delete env['DBUS_SESSION_BUS_ADDRESS']
  const daemon = spawnService('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address=1'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  env['DBUS_SESSION_BUS_ADDRESS'] = await firstLine(daemon, daemon.stdout, 'dbus-daemon')
}

/** @param {NodeJS.ProcessEnv} env is given PAIL_KEYRING_PID and PAIL_KEYRING_PASSWORD */
async function startKeyring(env) {
  const daemon = spawnService('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const failed = new Promise((_resolve, reject) =>
    daemon.once('error', reject).once('exit', (code) => reject(new Error(`exit code ${code}`))),
  )
  failed.catch(() => {})
  daemon.stdin?.end(keyringPassword)
  env['PAIL_KEYRING_PID'] = String(daemon.pid)
  env['PAIL_KEYRING_PASSWORD'] = keyringPassword
  for (const until = Date.now() + startWithinMs; !hasLoginCollection(env);) {
    if (Date.now() > until) throw new SetupError('gnome-keyring did not open its login collection.')
    await Promise.race([sleep(50), failed])
  }
}

/** Whether the keyring answers and its default collection is there. @param {NodeJS.ProcessEnv} env */
function hasLoginCollection(env) {
  // --print-reply without an activation: asking for the owner first keeps the bus from starting a second, locked keyring.
  const owner = callBus(
    env,
    'org.freedesktop.DBus',
    '/',
    'org.freedesktop.DBus.NameHasOwner',
    'string:org.freedesktop.secrets',
  )
  if (!owner.includes('true')) return false
  const secrets = '/org/freedesktop/secrets'
  return callBus(
    env,
    'org.freedesktop.secrets',
    secrets,
    'org.freedesktop.Secret.Service.ReadAlias',
    'string:default',
  ).includes(`${secrets}/collection/`)
}

/** @param {NodeJS.ProcessEnv} env @param {string} service @param {string} object @param {string} method @param {string} argument */
function callBus(env, service, object, method, argument) {
  const args = ['--session', '--print-reply', `--dest=${service}`, object, method, argument]
  return spawnSync('dbus-send', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).stdout
}

/**
 * The first line the program prints; it goes on running.
 * @param {import('node:child_process').ChildProcess} child
 * @param {unknown} stream one of its pipes
 * @param {string} name
 * @returns {Promise<string>}
 */
function firstLine(child, stream, name) {
  return new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ why) =>
      reject(new SetupError(`The virtual desktop could not start ${name}: ${why}.`))
    const timer = setTimeout(() => fail('it did not answer'), startWithinMs)
    let text = ''
    const pipe = /** @type {import('node:stream').Readable} */ (stream)
    pipe.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end < 0) return
      clearTimeout(timer)
      resolve(text.slice(0, end))
    })
    child.once('error', (error) => fail(error.message)).once('exit', () => fail('it ended at once'))
  })
}

/** Ends all that runs on the desktop of this folder, wherever it came from. @param {string} folder */
async function endProcesses(folder) {
  for (const pid of processesOf(folder)) signal(pid, 'SIGTERM')
  const until = Date.now() + endWithinMs
  while (processesOf(folder).length > 0 && Date.now() < until) await sleep(50)
  for (const pid of processesOf(folder)) signal(pid, 'SIGKILL')
}

/** The processes whose environment names this desktop. @param {string} folder @returns {number[]} */
function processesOf(folder) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, 'latin1').includes(`PAIL_VIRTUAL_DESKTOP=${folder}\0`)
      } catch {
        // Ended meanwhile, or somebody else's.
        return false
      }
    })
    .map(Number)
}

/** @param {number} pid @param {NodeJS.Signals} name */
function signal(pid, name) {
  try {
    process.kill(pid, name)
  } catch {
    // Ended meanwhile.
  }
}

if (process.argv[1] === import.meta.filename) {
  const [command, ...args] = process.argv.slice(2)
  await runMain(() => {
    if (command === undefined) throw new SetupError('Usage: node scripts/virtual-desktop.mjs COMMAND ARGS...')
    return runOnVirtualDesktop(command, args)
  })
}
