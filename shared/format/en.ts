/** How English writes numbers, amounts and times. */
export const format = {
  numbers: 'en',
  dates: 'en-GB',
  files: (count: string, isOne: boolean) => `${count} ${isOne ? 'file' : 'files'}`,
  seconds: (count: number) => `${count} s`,
  minutes: (count: number) => `${count} min`,
  hours: (count: number) => `${count} h`,
  days: (count: number) => (count === 1 ? '1 day' : `${count} days`),
  justNow: 'just now',
  secondsAgo: (count: number) => `${count} s ago`,
  minutesAgo: (count: number) => `${count} min ago`,
  hoursAgo: (count: number) => `${count} h ago`,
  daysAgo: (count: number) => (count === 1 ? 'yesterday' : `${count} days ago`),
  tomorrow: (clock: string) => `tomorrow, ${clock}`,
  moment: (weekday: string, day: string, clock: string) => `${weekday} ${day}, ${clock}`,
}

export type Format = typeof format
