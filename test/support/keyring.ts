/** Locks and unlocks the keychain of the virtual desktop, as logging out and in again would. */
import { spawnSync } from 'node:child_process'

const loginCollection = '/org/freedesktop/secrets/collection/login'

/** Throws where the desktop is a person's own: their keychain is not to be touched. */
export function lockKeyring(): void {
  const args = ['--session', '--print-reply', '--dest=org.freedesktop.secrets', '/org/freedesktop/secrets']
  run('dbus-send', [...args, 'org.freedesktop.Secret.Service.Lock', `array:objpath:${loginCollection}`])
}

export function unlockKeyring(): void {
  // A second daemon hands the password to the one that runs, over its control socket.
  run('gnome-keyring-daemon', ['--unlock', '--components=secrets'], password())
}

function password(): string {
  const found = process.env['PAIL_KEYRING_PASSWORD']
  if (found === undefined) throw new Error('Only the keychain of a virtual desktop may be locked by a test')
  return found
}

function run(command: string, args: readonly string[], input = ''): void {
  password()
  const ended = spawnSync(command, args, { input, encoding: 'utf8' })
  if (ended.error) throw ended.error
  if (ended.status !== 0) throw new Error(`${command}: ${ended.stderr}`)
}
