/** The register of links, and the dialogs about one. */
import { formatNumber } from '../../../shared/format/count.ts'
import type { LinkPeriod } from '../../state/link-register.ts'
import type { LinkBehind, LinkPlace, LinkQuery, Siblings } from '../../../shared/model/link.ts'

const shown: Readonly<Record<LinkQuery['which'], string>> = {
  active: 'Active',
  'expires-soon': 'Ending soon',
  over: 'Over',
}

const empty: Readonly<Record<LinkQuery['which'], { readonly title: string; readonly text: string }>> = {
  active: {
    title: 'No links',
    text: 'A link opens one file or folder in B2 for whoever has it, and for as long as you say.',
  },
  'expires-soon': { title: 'No link ends soon', text: 'Links that end within a day are listed here.' },
  over: { title: 'No link is over', text: 'Links that have ended stay listed here for 90 days.' },
}

const periods: Readonly<Record<LinkPeriod, string>> = { hour: '1 hour', day: '1 day', week: '7 days' }

const copiedTo: Readonly<Record<LinkPlace, string>> = {
  window: 'Copied in this window',
  tray: 'Copied from the tray',
  'file-manager': 'Copied in the file manager',
  'command-line': 'Made on the command line',
}

const behind: Readonly<Record<LinkBehind, string | null>> = {
  original: null,
  copy: 'opens a copy',
  upload: 'opens a copy sent for it',
  index: 'opens a list of its files',
}

const files = ({ count, isMore }: Pick<Siblings, 'count' | 'isMore'>): string =>
  `${isMore ? 'more than ' : ''}${formatNumber(count)} more ${count === 1 ? 'file' : 'files'}`

export const linksView = {
  create: 'Create a link',
  filter: 'Filter by name',
  clearFilter: 'Clear filter',
  shownLabel: 'Which links are shown',
  shown,
  list: 'Links',
  empty,
  noMatchTitle: 'No link matches',
  noMatchText: 'Nothing listed here has this in its name or folder.',
  notConnected: 'Connect to B2, and you can make links to your files.',
  connect: 'Connect to B2',
  actions: {
    copy: 'Copy link',
    renew: 'Renew',
    again: 'Make it anew',
    end: 'End',
    show: 'Show in folder',
    more: 'More',
  },
  periods,
  renewFor: (period: string) => `For ${period}`,
  renewMenu: 'Renew and copy',
  againMenu: 'Make it anew and copy',
  renewed: (until: string) =>
    `New address copied. It works until ${until}. Pass it on: it takes the place of the old one.`,

  copiedTo,
  behind,
  publicBucket: 'public bucket',
  left: (duration: string) => `${duration} left`,
  lessThanMinute: 'less than a minute left',
  works: (until: string) => `Works until ${until}.`,
  soonNote: 'Renew it to have an address that works longer.',
  until: (moment: string) => `until ${moment}`,
  noEnd: 'No end',
  noEndNote: 'The bucket is public: the address works as long as the file is there.',
  isOnItsWay: 'Works once it is uploaded',
  isOnItsWayNote: 'The file is on its way to B2, ahead of all others. The address works as soon as it has arrived.',
  isBeingMade: 'Being made in B2',
  isBeingMadeNote: 'B2 is making what the address opens. It works as soon as that is done.',
  failed: 'Will not work',
  expired: 'Time is over',
  ended: 'Ended by you',
  opensStill: 'Opens still',
  gone: 'Opens nothing',
  goneShort: 'gone from B2',
  goneNote: (until: string | null) =>
    `The file is not in B2 any more, so the address opens nothing. It works again when a file with this name is back${until === null ? '' : `, until ${until}`}.`,
  opensStillNote: 'B2 takes no address back: whoever has this one can use it still.',
  opensOn: 'as before',

  opensMore: (siblings: Siblings) => `Opens ${files(siblings)} by now, whose names begin alike:`,
  alsoOpens: (siblings: Siblings) => `opens ${files(siblings)}`,
  moreNames: (count: number) => `and ${formatNumber(count)} more`,
  accept: 'That is all right',

  host: (bucket: string, host: string) => `Links to ${bucket} begin with ${host}`,
  usualHost: "Links begin with B2's own address",
  moreHosts: (count: number) => `and ${formatNumber(count)} other ${count === 1 ? 'domain' : 'domains'}`,
  hostFails: 'it does not answer as it should',
  changeHost: 'Change',
  setHost: 'Use a domain of your own',

  endDialog: {
    title: (name: string) => `End the link to ${name}?`,
    keep: 'Keep the link',
    end: 'End link',
    forget: 'Forget link',
    copy: 'Pail removes the copy that the link opens from B2. From then on the address opens nothing, for nobody. The file itself stays as it is.',
    upload:
      'Pail removes the copy that was sent for the link from B2. From then on the address opens nothing, for nobody.',
    list: (until: string) =>
      `Pail removes the list that the link opens from B2, so the address itself opens nothing any more. B2 takes no address back, though: who has opened the list already, and kept the address of a file from it, can use that until ${until}.`,
    publicList:
      'Pail removes the list that the link opens from B2. The bucket is public, though: who knows the address of a file in it can open that as before.',
    original: (until: string) =>
      `B2 takes no address back: whoever has this one can open the file with it until ${until}. Pail only takes it off the list.`,
    originalStop: 'To stop it now, rename or move the file, or delete the key that made it at backblaze.com.',
    public:
      'The bucket is public: whoever knows the address can open the file for as long as it is there. Pail only takes it off the list.',
    publicStop: 'To stop it, move the file to a place that is not public.',
    ended: 'The link is over. Its address opens nothing any more.',
    forgotten: 'The link is off the list. Its address opens the file still.',
  },

  createDialog: {
    what: 'What to share',
    chooseFiles: 'Choose files...',
    chooseFolder: 'Choose a folder...',
    address: 'Or its address in B2',
    addressWrong: 'Begins with b2://, then the bucket, a / and the name. Without any escapes.',
    period: 'How long it works',
    periodHint: 'Links to a public bucket have no end.',
    make: 'Create and copy',
    chosen: (count: number) => `${formatNumber(count)} files`,
  },

  made: {
    ready: 'Link copied',
    many: (count: number) => `${formatNumber(count)} links copied`,
    none: 'No link was made',
    readyText: (until: string) => `It is in the clipboard, and works until ${until}.`,
    publicText: 'It is in the clipboard, and works as long as the file is there.',
    promisedText: 'It is in the clipboard, and works as soon as the file is in B2. Pail sends it before all others.',
    beingMadeText: 'It is in the clipboard, and works in a moment: B2 is still making what it opens.',
    manyText: 'They are in the clipboard, one a line.',
    alsoOpens: 'It also opens other files whose names begin alike, as you said.',
    address: 'Address',
    list: 'Links that were made',
    refused: (name: string, title: string) => `${name}: ${title}`,
    moreRefused: (count: number) => `and ${formatNumber(count)} more without a link`,
    copyAgain: 'Copy again',
    another: 'Another link',
    done: 'Done',
  },
}
