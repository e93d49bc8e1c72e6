/** What is on its way. */
import { formatNumber } from '../../../shared/format/count.ts'

export const transfers = {
  now: 'Now',
  waiting: 'Waiting',
  done: 'Done',
  emptyTitle: 'Nothing to send',
  emptyText: 'When a file changes, you see it here on its way to B2.',
  nothingNow: 'Nothing is being sent.',
  more: (count: number) => `and ${formatNumber(count)} more`,
  copyLink: 'Copy link',
  show: 'Show in folder',
  tryNow: 'Try now',
  later: 'Later',
  of: (sent: string, size: string) => `${sent} of ${size}`,
  progress: (name: string) => `Progress of ${name}`,
  /** What a row does that sends no bytes, while it runs and once it is done. */
  underWay: { copy: 'Copying in B2', hide: 'Hiding in B2', delete: 'Deleting from B2' },
  finished: { copy: 'Copied in B2', hide: 'Hidden in B2', delete: 'Deleted from B2' },
  finishing: 'Finishing',
  startsSoon: 'Starts soon',
  leftForLater: 'Left for later',
  waitsAs: {
    'not-set-up': 'Waiting',
    waiting: 'Waiting',
    paused: 'Paused',
    offline: 'No connection',
    held: 'Waiting',
    problem: 'Waiting',
  },
  nextTry: (duration: string) => `next try in ${duration}`,
  nextTryNow: 'tries again now',
  secondsLeft: (duration: string) => `${duration} left`,
  action: (action: string, name: string) => `${action}: ${name}`,
}
