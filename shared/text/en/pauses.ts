import type { PauseChoice } from '../pause-text.ts'

export const pauses: Readonly<Record<PauseChoice, string>> = {
  'half-an-hour': 'For 30 minutes',
  'two-hours': 'For 2 hours',
  tomorrow: 'Until tomorrow, 08:00',
  open: 'Until I resume',
}
