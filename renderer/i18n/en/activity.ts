/** What happened. */
import { formatNumber } from '../../../shared/format/count.ts'
import type { ActivityKind, ActivityVerb } from '../../../shared/model/activity.ts'

const verbs: Readonly<Record<ActivityVerb, string>> = {
  uploaded: 'Uploaded',
  adopted: 'Already in B2',
  copied: 'Copied in B2',
  hidden: 'Hidden in B2',
  deleted: 'Deleted from B2',
  kept: 'Kept in B2',
  failed: 'Not sent',
  'folder-added': 'Started syncing',
  'folder-removed': 'Stopped syncing',
  'folder-changed': 'Folder changed',
  held: 'Stopped to be safe',
  resumed: 'Went on',
  'records-recovered': 'Records restored',
  'records-begun-anew': 'Records begun anew',
}

/** What there is to say about an event that concerns no file and no folder. */
const notes: Readonly<Partial<Record<ActivityVerb, string>>> = {
  'records-recovered': 'The database was damaged and a backup took its place',
  'records-begun-anew': 'The database was damaged: add your account and folders again, nothing is sent twice',
}

/** A sentence behind the verb, for the tooltip, where the verb alone leaves a question. */
const verbNotes: Readonly<Partial<Record<ActivityVerb, string>>> = {
  adopted: 'B2 held the same content already, so nothing was sent.',
  copied: 'Copied from a file that B2 had already, so nothing was sent.',
  hidden: 'B2 no longer lists it; its versions stay.',
  deleted: 'All its versions were deleted from B2.',
  kept: 'Gone from this computer, and left in B2 on purpose.',
  'folder-changed': "The folder's settings or its place were changed.",
}

const kinds: Readonly<Record<ActivityKind, string>> = {
  sent: 'Sent or copied',
  removed: 'Hidden, deleted or kept',
  failed: 'Not sent',
  folders: 'Folders and Pail itself',
}

export const activity = {
  verbs,
  notes,
  verbNotes,
  spared: (size: string) => `${size} already in B2`,
  sparedNote: 'Only what had changed was sent. B2 copied the rest from the version before.',
  emptyTitle: 'Nothing has happened yet',
  emptyText: 'Every file that reaches B2 is listed here.',
  list: 'What happened',
  search: 'Search names and folders',
  clear: 'Clear the search',
  folder: 'Folder',
  allFolders: 'All folders',
  formerFolder: 'A folder that is not synced any more',
  kind: 'Kind of event',
  allKinds: 'Everything',
  kinds,
  nothingTitle: 'Nothing found',
  nothingText: 'Nothing that happened matches. Part of a name is enough, in small or capital letters.',
  showAll: 'Show everything',
  newer: (count: number) => `${formatNumber(count)} new`,
  more: 'More',
  moreFor: (name: string) => `More for ${name}`,
  everythingAbout: (name: string) => `Everything that happened to ${name}`,
  copyLink: 'Copy link',
  showInFolder: 'Show in folder',
  export: 'Export',
  asCsv: 'As CSV, for a spreadsheet...',
  asJson: 'As JSON, for programs...',
  exported: (rows: number, name: string) =>
    `${rows === 1 ? '1 event' : `${formatNumber(rows)} events`} saved in ${name}.`,
  notExported: {
    'no-space': 'Not saved: there is no room left on that disk.',
    'not-allowed': 'Not saved: Pail may not write there. Choose another folder.',
    other: 'Not saved: the file could not be written there. Choose another folder.',
  },
}
