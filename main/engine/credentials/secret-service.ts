/** Asks Linux's Secret Service whether the default keyring is locked, without making it prompt for a password. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A bus that does not answer within this is as good as none. */
const ANSWER_WITHIN_MS = 5000

const question = [
  '--session',
  '--print-reply=literal',
  '--dest=org.freedesktop.secrets',
  '/org/freedesktop/secrets/aliases/default',
  'org.freedesktop.DBus.Properties.Get',
  'string:org.freedesktop.Secret.Collection',
  'string:Locked',
]

/** Null when it cannot be known: another system, no bus, no service, no dbus-send. */
export async function isKeyringLocked(): Promise<boolean | null> {
  if (process.platform !== 'linux') return null
  try {
    const { stdout } = await run('dbus-send', question, { timeout: ANSWER_WITHIN_MS })
    return /boolean (true|false)/.exec(stdout)?.[1] === 'true'
  } catch {
    return null
  }
}
