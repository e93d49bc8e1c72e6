import { formatFiles } from '../../format/count.ts'
import type { StatusKind } from '../../model/status.ts'

const words: Readonly<Record<StatusKind, string>> = {
  'not-set-up': 'Not set up',
  'up-to-date': 'Up to date',
  checking: 'Checking',
  sending: 'Sending',
  waiting: 'Waiting',
  paused: 'Paused',
  offline: 'Offline',
  held: 'Held',
  problem: 'Needs you',
}

export const status = {
  words,
  notConnected: 'Not connected to B2 yet',
  noFolder: 'No folder chosen yet',
  upToDate: 'Up to date',
  checked: (ago: string) => `checked ${ago}`,
  checking: 'Checking',
  seen: (files: number) => `${formatFiles(files)} seen`,
  sending: (files: number) => `Sending ${formatFiles(files)}`,
  left: (duration: string) => `${duration} left`,
  nextTryIn: (duration: string) => `next try in ${duration}`,
  comingToRest: (files: number) => `Waiting for ${formatFiles(files)} to come to rest`,
  secondLook: (files: number) => `Waiting to look at ${formatFiles(files)} once more`,
  leftForLater: (files: number) => `${formatFiles(files)} left for later`,
  waitsUntil: (moment: string) => `Waits until ${moment}`,
  inTime: (duration: string) => `in ${duration}`,
  paused: 'Paused',
  pausedUntil: (until: string) => `Paused until ${until}`,
  waiting: (files: number) => `${formatFiles(files)} waiting`,
  offlineSince: (clock: string) => `No connection to B2 since ${clock}`,
  wait: (files: number) => (files === 1 ? '1 file waits' : `${formatFiles(files)} wait`),
  held: 'Stopped to be safe',
  needsYou: 'Needs you',
  problems: (count: number) => `${count} problems`,
}

export type StatusTexts = typeof status
