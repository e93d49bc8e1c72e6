/** Waits for a condition instead of for a time. */
import { setTimeout as pause } from 'node:timers/promises'

/**
 * Asks again and again until `probe` returns something truthy, and returns that. Fails after `withinMs` with the last
 * error, or with `what`.
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | Promise<T>,
  withinMs = 120_000,
): Promise<NonNullable<Exclude<T, false>>> {
  const until = Date.now() + withinMs
  let lastError: unknown
  for (;;) {
    try {
      const answer = await probe()
      if (answer) return answer as NonNullable<Exclude<T, false>>
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    if (Date.now() > until) throw new Error(`Waited in vain for: ${what}`, { cause: lastError })
    await pause(50)
  }
}
