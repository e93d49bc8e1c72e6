/** How German writes numbers, amounts and times. */
import type { Format } from './en.ts'

export const format: Format = {
  numbers: 'de-DE',
  dates: 'de-DE',
  files: (count, isOne) => `${count} ${isOne ? 'Datei' : 'Dateien'}`,
  seconds: (count) => `${count} Sek.`,
  minutes: (count) => `${count} Min.`,
  hours: (count) => `${count} Std.`,
  days: (count) => (count === 1 ? '1 Tag' : `${count} Tage`),
  justNow: 'gerade eben',
  secondsAgo: (count) => `vor ${count} Sek.`,
  minutesAgo: (count) => `vor ${count} Min.`,
  hoursAgo: (count) => `vor ${count} Std.`,
  daysAgo: (count) => (count === 1 ? 'gestern' : `vor ${count} Tagen`),
  tomorrow: (clock) => `morgen, ${clock}`,
  moment: (weekday, day, clock) => `${weekday}, ${day}, ${clock}`,
}
