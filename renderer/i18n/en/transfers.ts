/** What is on its way. */
import { formatFiles, formatNumber } from '../../../shared/format/count.ts'

export const transfers = {
  groups: { all: 'All', now: 'Now', failed: 'Failed', waiting: 'Waiting', done: 'Done' },
  groupsLabel: 'What is shown',
  filter: 'Filter by name',
  clearFilter: 'Clear filter',
  allFolders: 'All folders',
  folder: (name: string) => `Folder: ${name}`,
  list: 'Transfers',
  emptyTitle: 'Nothing to send',
  emptyText: 'When a file changes, you see it here on its way to B2.',
  noFolderText: 'Choose a folder, and you see here what is on its way to B2.',
  addFolder: 'Add a folder',
  noMatchTitle: 'No file matches',
  noMatchText: 'Nothing that moves, waits or has arrived lately has this in its path.',
  nothingInGroup: {
    all: 'Nothing here.',
    now: 'Nothing is being sent.',
    failed: 'Nothing has failed.',
    waiting: 'Nothing waits.',
    done: 'Nothing has arrived lately.',
  },
  moreNow: (count: number) => `and ${formatNumber(count)} more`,
  older: 'What came before is in the activity.',
  showActivity: 'Show activity',
  selectAll: 'Select all',
  retryAll: 'Retry all',
  selected: (count: number) => `${formatNumber(count)} selected`,
  clearSelection: 'Clear selection',
  actions: {
    next: 'Move to front',
    now: 'Try now',
    retry: 'Retry',
    cancel: 'Cancel',
    copyLink: 'Copy link',
    copyLinks: 'Copy links',
    show: 'Show in folder',
  },
  action: (action: string, name: string) => `${action}: ${name}`,
  cancelled: (count: number) =>
    count === 0
      ? 'There was nothing to cancel any more.'
      : `${formatFiles(count)} left for later. Pail tries again in an hour, or when the file changes.`,
  movedToFront: (count: number) =>
    count === 0 ? 'Already at the front, on its way, or sent.' : `${formatFiles(count)} moved to the front.`,
  of: (sent: string, size: string) => `${sent} of ${size}`,
  progress: (name: string) => `Progress of ${name}`,
  /** What a transfer under way does. */
  phases: {
    starting: 'Starting',
    hashing: 'Reading',
    copying: 'Copying in B2',
    sending: 'Uploading',
    finishing: 'Finishing',
  },
  phaseNotes: {
    hashing: 'Pail reads the file to see what B2 holds of it already.',
    finishing: "Every byte is out. B2's answer is to come.",
  },
  /** What a row does that sends no bytes, while it runs and once it is done. */
  underWay: { copy: 'Copying in B2', hide: 'Hiding in B2', delete: 'Deleting from B2' },
  verbs: {
    uploaded: 'Uploaded',
    adopted: 'Already in B2',
    copied: 'Copied in B2',
    hidden: 'Hidden in B2',
    deleted: 'Deleted from B2',
  },
  inLine: 'In line',
  nextInLine: 'Next in line',
  limitedTo: (rate: string) => `limited to ${rate}`,
  stillWritten: 'Still being written',
  waitsUntil: (moment: string) => `Waits until ${moment}`,
  leftForLater: 'Left for later',
  paused: 'Paused',
  pausedUntil: (until: string) => `Paused until ${until}`,
  nextTry: (duration: string) => `next try in ${duration}`,
  nextTryNow: 'tries again now',
  secondsLeft: (duration: string) => `${duration} left`,
}
