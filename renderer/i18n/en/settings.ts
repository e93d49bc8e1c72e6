/** The settings. */
import { formatFiles, formatNumber } from '../../../shared/format/count.ts'
import type { Appearance, NotificationKind } from '../../../shared/model/shell-settings.ts'
import type { Weekday } from '../../../shared/model/week-times.ts'

const capabilities: Readonly<Record<string, string>> = {
  listBuckets: 'See the names of buckets',
  listFiles: 'See what is in B2 already',
  readFiles: 'Copy files within B2, and restore them',
  writeFiles: 'Send files, and hide deleted ones',
  shareFiles: 'Make links to private files',
  writeBuckets: 'Create buckets, and have hidden files removed after some days',
  deleteFiles: 'Delete files for good',
}

const days: Readonly<Record<Weekday, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}

const shortDays: Readonly<Record<Weekday, string>> = {
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
}

const appearances: Readonly<Record<Appearance, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' }

type KindTexts = Readonly<Record<NotificationKind, { readonly title: string; readonly hint: string }>>
const kinds: KindTexts = {
  'needs-you': {
    title: 'Something needs you',
    hint: 'A question only you can answer, a key that no longer works, a full cap.',
  },
  finished: { title: 'Everything is in B2', hint: 'After many files were sent.' },
  'link-ready': { title: 'Links', hint: 'A link was copied, works now, or ends soon.' },
}

const files = (count: number): string => formatFiles(count)

export const settings = {
  search: 'Search settings',
  clear: 'Clear search',
  nothingFound: (query: string) => `No setting has "${query}" in it.`,

  account: {
    title: 'Account',
    key: 'Key',
    keyInUse: (keyId: string, accountId: string) =>
      `${keyId}, of account ${accountId}. The key itself is in the keychain.`,
    keyWaiting: (keyId: string) => `${keyId}. Pail is not signed in with it now.`,
    noKey: 'Pail is not connected to B2, and nothing is sent.',
    replace: 'Replace key...',
    connect: 'Connect...',
    reach: 'What it reaches',
    buckets: 'Asking B2',
    noBuckets: 'No bucket.',
    bucketList: (names: string, more: number) =>
      more === 0 ? `Buckets: ${names}.` : `Buckets: ${names} and ${formatNumber(more)} more.`,
    onlyNames: (prefix: string) => `Only names that start with ${prefix}.`,
    powers: 'What it may do',
    may: 'May',
    mayNot: 'May not',
    lacks: 'Pail needs this',
    capabilities,
    surplus: (names: string) =>
      `This key may do more than Pail has a use for: ${names}. A key of its own for Pail is safer should this computer be stolen.`,
  },

  folders: {
    title: 'Folders',
    none: 'No folder is synced yet.',
    another: 'Another folder',
    add: 'Add a folder',
    settingsOf: (name: string) => `Settings of ${name}`,
    ignore: 'What is left out',
    ignoreHint:
      'One rule a line, as in .gitignore: *.tmp, /Cache/, !keep.tmp. What a rule leaves out is no longer followed, and deleted nowhere.',
    ignoreRules: (name: string) => `Ignore rules of ${name}`,
    useRules: 'Use these rules',
    undoRules: 'Undo changes',
    looking: 'Looking at the folder',
    leavesOut: (count: number, size: string, isComplete: boolean) =>
      count === 0
        ? isComplete
          ? 'Leaves out nothing that is sent now.'
          : 'Leaves out nothing of what was looked at so far.'
        : `Leaves out ${isComplete ? '' : 'at least '}${files(count)} (${size}) that ${count === 1 ? 'is' : 'are'} sent now:`,
    andMore: (count: number) => `and ${formatNumber(count)} more`,
    showLeftOut: 'Show all that is not sent...',
    deleted: 'Deleted files',
    deletedHint: 'What becomes of a file in B2 when it is deleted here.',
    policies: {
      keep: 'Stay in B2',
      hide: 'Are hidden, every version stays',
      'hide-then-remove': 'Are hidden, and removed some days later',
      delete: 'Are deleted for good',
    },
    removedAfter: 'Removed after',
    removedAfterHint: 'Pail sets a lifecycle rule for exactly this place in the bucket.',
    days: (count: number): string => (count === 1 ? 'day' : 'days'),
    daysWrong: '1 to 3,650 days.',
    delay: 'Counts as deleted after',
    delayHint: 'How long a file has to be gone before anything happens to it in B2.',
    gate: 'Ask before many at once',
    gateHint: 'When more files than this, and a larger share of all, are gone within an hour, Pail stops and asks.',
    gateFiles: 'files',
    gatePercent: '%',
    gateFilesWrong: '1 to 1,000,000 files.',
    gatePercentWrong: '1 to 100 %.',
    hours: 'Times of sending',
    hoursHint:
      'At other times this folder waits: nothing of it is sent, hidden or deleted in B2. Changes are noted all the same.',
    hoursWords: 'schedule week night',
    hoursKinds: { always: 'At any time', some: 'At these times' },
    hoursHow:
      'Paint the hours in which it sends. With the keyboard: arrows move, Space paints, Shift and an arrow paint on.',
    hoursGrid: (name: string) => `Hours in which ${name} is sent`,
    hoursBrush: 'What to paint',
    sends: 'Sends',
    waits: 'Waits',
    hoursRounded:
      'Some times are set to the minute. They show as full hours here, and become full hours when you paint.',
    priority: 'Whose turn it is',
    priorityHint:
      'Where files of several folders wait. Most turns go to a folder that goes first, and some to each of the others, so that none stands still.',
    priorityWords: 'priority order first last',
    priorities: { first: 'Goes first', normal: 'Normal', last: 'Goes last' },
    root: 'On this computer',
    rootHint: 'Moved the folder? Say where it is now. What is missing there is asked about first.',
    move: 'It is elsewhere now...',
    place: 'In B2',
    placeHint: (count: number, place: string) =>
      count === 0
        ? 'Another place is used from then on.'
        : `At another place everything is sent anew. ${files(count)} at ${place} ${count === 1 ? 'stays' : 'stay'} there, and Pail no longer knows of ${count === 1 ? 'it' : 'them'}.`,
    changePlace: 'Use this place',
    deleteTitle: (name: string) => `Delete files of ${name} for good?`,
    deleteText: (name: string, count: number) =>
      `From then on a file that is deleted from ${name} is deleted from B2 with all its versions, and nothing brings it back. ${files(count)} of this folder ${count === 1 ? 'is' : 'are'} in B2 now; nothing happens to ${count === 1 ? 'it' : 'them'} before ${count === 1 ? 'it is' : 'they are'} deleted here.`,
    deleteType: (bucket: string) => `To confirm, type the name of the bucket: ${bucket}`,
    deleteConfirm: 'Delete for good from now on',
    deleteKeep: 'Leave it as it is',
  },

  bandwidth: {
    title: 'Bandwidth',
    up: 'Upload',
    upHint: 'For all files together, whatever the time. Empty for no limit.',
    down: 'Download',
    downHint: 'For what is read back from B2. Empty for no limit.',
    unit: 'MB/s',
    noLimit: 'No limit',
    unlimited: 'unlimited',
    wrong: 'A number from 0.01 on, such as 2.5.',
    now: (up: string, down: string, until: string | null) =>
      `Now: upload ${up}, download ${down}${until === null ? '' : `, until ${until}`}.`,
    week: 'Times of the week',
    weekHint:
      'Choose a limit and paint the hours it is for. With the keyboard: arrows move, Space paints, Shift and an arrow paint on.',
    rounded:
      'Some times were set to the minute on the command line. They show as full hours here, and become full hours when you paint.',
    grid: 'Hours of the week',
    usual: 'Limits as above',
    brush: 'What to paint',
    limit: (number: number) => `Limit ${number}`,
    limitUp: (number: number) => `Limit ${number}, upload`,
    limitDown: (number: number) => `Limit ${number}, download`,
    addLimit: 'Another limit',
    removeLimit: (number: number) => `Remove limit ${number}`,
    allDay: (shortDay: string, day: string) => `${shortDay}: paint all of ${day}`,
    hour: (day: string, from: string, to: string, limits: string) => `${day}, ${from} to ${to}: ${limits}`,
    limits: (up: string, down: string) => `upload ${up}, download ${down}`,
    tooMany: 'These are more different times than Pail can keep. Paint larger blocks.',
    days,
    shortDays,
  },

  proxy: {
    title: 'Way to B2',
    proxy: 'Proxy',
    hint: 'A computer that everything to B2 goes through, as some offices and schools want it. What is on its way begins anew when you change this.',
    words: 'network connection HTTPS_PROXY',
    kinds: {
      system: 'As the system says',
      none: 'None',
      address: 'This one',
    },
    systemHint: 'HTTPS_PROXY and NO_PROXY are obeyed where they were set when Pail started.',
    address: 'Address',
    addressExample: 'http://proxy.example.com:3128',
    addressWrong: 'A host and a port, such as http://proxy.example.com:3128.',
    name: 'User name',
    password: 'Password',
    ifAsked: 'If it asks for one',
    kept: 'In the keychain',
    nameMissing: 'A password needs a user name.',
    use: 'Use this proxy',
    forget: 'Forget name and password',
  },

  transfers: {
    title: 'Transfers',
    most: 'At once',
    mostHint:
      'The most transfers of a kind. Pail finds out what works best; fewer are gentler on an old computer or line.',
    best: 'What works best',
  },

  links: {
    title: 'Addresses of links',
    host: (bucket: string) => `Domain for links to ${bucket}`,
    hostHint:
      'For a bucket behind a domain of your own, such as one at Cloudflare. Links keep their path. Empty for the address of B2.',
    words: 'custom domain CDN Cloudflare share host',
    usual: 'Address of B2',
    wrong: 'Only the name, such as files.example.com, without https:// and without a path.',
    asking: (host: string) => `Asking ${host}.`,
    answers: (host: string) => `${host} answered. New links begin with it.`,
    silent: (host: string) =>
      `${host} does not answer. Links begin with it all the same: check its name, and where it leads.`,
    fails: (host: string, status: number) =>
      `${host} answered with error ${status}. Links begin with it all the same: check where it leads.`,
    notTrusted: (host: string) =>
      `${host} has no certificate that browsers trust. Links begin with it all the same: have one made for this name.`,
    noBucket: 'No bucket yet',
    noBucketHint: 'A domain of your own can be set here once a folder is synced.',
  },

  start: {
    title: 'Start and appearance',
    atLogin: 'Start at login',
    atLoginHint: 'Changes are sent without your having to think of it.',
    hidden: 'Start without a window',
    hiddenHint: 'At login only the icon in the tray shows. Starting Pail once more opens the window.',
    appearance: 'Appearance',
    appearanceWords: 'theme dark light colours',
    appearances,
  },

  language: {
    title: 'Language',
    window: 'Language of Pail',
    words: 'English Deutsch',
    system: (language: string) => `As the system (${language})`,
  },

  notifications: { title: 'Notifications', kinds },

  diagnostics: {
    title: 'Diagnostics',
    version: 'Version',
    data: 'Records',
    dataHint: 'Where Pail keeps what it knows of your folders. The key is not in it.',
    logs: 'Logs',
    openLogs: 'Open folder',
    report: 'For a report',
    reportHint: 'Versions, settings and states, in English. No key, and no name of a file, folder or bucket.',
    copy: 'Copy diagnostics',
    copied: 'Diagnostics copied.',
  },

  ending: {
    title: 'Stop and disconnect',
    stop: (name: string) => `Stop syncing ${name}`,
    stopHint: (count: number, place: string) =>
      count === 0
        ? 'Nothing is deleted. Changes are no longer sent.'
        : `Nothing is deleted: ${files(count)} in ${place} ${count === 1 ? 'stays' : 'stay'}, and so does your folder. Changes are no longer sent.`,
    stopButton: 'Stop syncing...',
    disconnect: 'Disconnect from B2',
    disconnectHint: (folders: number, count: number) =>
      `Pail forgets the key. ${folders === 1 ? '1 folder' : `${formatNumber(folders)} folders`} with ${files(count)} ${folders === 1 ? 'is' : 'are'} no longer sent until you connect again; everything stays, here and in B2.`,
    disconnectButton: 'Disconnect...',
  },
}
