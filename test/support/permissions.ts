/** Root may read everything, so tests about permissions become somebody else for a while. */
import { execFileSync } from 'node:child_process'

/** The user `nobody` of every Linux. */
export const NOBODY = 65_534

/** True on systems whose permissions these tests cannot set. */
export const hasNoPermissions = process.platform === 'win32'

/** Runs `test` as a user for whom permissions count, who owns everything below `homes`. */
export async function asOrdinaryUser(homes: readonly string[], test: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return test()
  execFileSync('chown', ['-R', `${NOBODY}`, ...homes])
  process.seteuid?.(NOBODY)
  try {
    await test()
  } finally {
    process.seteuid?.(0)
  }
}
