/** For how long a person can pause: the same four choices in the tray and in the window. */
import { UnixMs } from '../ids.ts'

export type PauseChoice = 'half-an-hour' | 'two-hours' | 'tomorrow' | 'open'

/** In the order they are offered. */
export const pauseChoices: readonly { readonly choice: PauseChoice; readonly label: string }[] = [
  { choice: 'half-an-hour', label: 'For 30 minutes' },
  { choice: 'two-hours', label: 'For 2 hours' },
  { choice: 'tomorrow', label: 'Until tomorrow, 08:00' },
  { choice: 'open', label: 'Until I resume' },
]

const MORNING_HOUR = 8
const MINUTE_MS = 60_000

/** When a pause that begins at `now` (Unix milliseconds) ends; null for not by itself. */
export function pauseEnd(choice: PauseChoice, now: number): UnixMs | null {
  switch (choice) {
    case 'half-an-hour':
      return UnixMs.parse(now + 30 * MINUTE_MS)
    case 'two-hours':
      return UnixMs.parse(now + 120 * MINUTE_MS)
    case 'tomorrow': {
      const today = new Date(now)
      return UnixMs.parse(new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1, MORNING_HOUR).getTime())
    }
    case 'open':
      return null
  }
}
