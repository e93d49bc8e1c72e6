/** Runs rclone as Debian ships it, configured by environment variables only. Its remote is named `X`. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where and as whom. */
export type RcloneAccount = {
  readonly realm: string
  readonly applicationKeyId: string
  readonly applicationKey: string
}

/** Runs rclone with these arguments; rejects with its output when it is missing or exits with anything but 0. */
export type Rclone = (...args: readonly string[]) => Promise<{ readonly stdout: string; readonly stderr: string }>

/** An rclone for an account. It keeps its empty configuration file in the folder. */
export function rcloneFor(account: RcloneAccount, folder: string): Rclone {
  const config = join(folder, 'rclone.conf')
  writeFileSync(config, '')
  const env = {
    ...process.env,
    RCLONE_CONFIG: config,
    RCLONE_CONFIG_X_TYPE: 'b2',
    RCLONE_CONFIG_X_ACCOUNT: account.applicationKeyId,
    RCLONE_CONFIG_X_KEY: account.applicationKey,
    RCLONE_CONFIG_X_ENDPOINT: account.realm,
  }
  return async (...args) =>
    new Promise((resolve, reject) => {
      execFile('rclone', args, { env, maxBuffer: 50_000_000 }, (error, stdout, stderr) => {
        if (error === null) resolve({ stdout, stderr })
        else if (error.code === 'ENOENT')
          reject(new Error('rclone is not installed: on Debian, apt-get install rclone'))
        else reject(new Error(`rclone ${args.join(' ')} exited with ${error.code}:\n${stderr}${stdout}`))
      })
    })
}

/** The lines of an output that are not empty. */
export function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
