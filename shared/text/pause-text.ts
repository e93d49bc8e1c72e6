/** For how long a person can pause: the same four choices in the tray and in the window. */
import { UnixMs } from '../ids.ts'
import { inLanguage } from '../language.ts'
import { pauses as de } from './de/pauses.ts'
import { pauses as en } from './en/pauses.ts'

export type PauseChoice = 'half-an-hour' | 'two-hours' | 'tomorrow' | 'open'

/** In the order they are offered, with their words. */
export function pauseChoices(): readonly { readonly choice: PauseChoice; readonly label: string }[] {
  const labels = inLanguage({ en, de })
  return (['half-an-hour', 'two-hours', 'tomorrow', 'open'] as const).map((choice) => ({
    choice,
    label: labels[choice],
  }))
}

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
