/** Every word of the window that is not a status or a problem (those are in `shared/text`, the same everywhere). */
import type { ErrorCode } from '../../shared/errors.ts'
import { formatBytes } from '../../shared/format/bytes.ts'
import { formatFiles } from '../../shared/format/count.ts'
import type { ActivityVerb } from '../../shared/model/activity.ts'
import type { DecisionKind } from '../../shared/model/decision.ts'

const number = (value: number): string => value.toLocaleString('en')

/** What a key must be able to do, in the order the window lists it. */
const capabilityUses: Readonly<Record<string, string>> = {
  listBuckets: 'see your buckets',
  listFiles: 'see what is in B2 already',
  readFiles: 'copy files within B2, and restore them',
  writeFiles: 'send files, and hide deleted ones',
  shareFiles: 'make links to private files',
}

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

/** What a decision is about, in the middle of a sentence. */
const decisionSubjects: Readonly<Record<DecisionKind, (files: string) => string>> = {
  deleted: (files) => `${files} that are gone`,
  emptied: (files) => `${files} without content`,
  overwrite: (files) => `${files} in B2`,
}

export const t = {
  appName: 'Pail',
  back: 'Back',
  cancel: 'Cancel',
  close: 'Close',
  continue: 'Continue',
  later: 'Later',
  tryAgain: 'Try again',
  starting: 'Starting',

  views: { overview: 'Overview', transfers: 'Transfers', activity: 'Activity', problems: 'Problems' },
  mainNavigation: 'Main',
  pause: 'Pause',
  resume: 'Resume',

  engine: {
    startingAgain: 'Starting again',
    notRunning: 'Not running',
    restarting: 'The part that moves files stopped and is starting again. Nothing is lost.',
    failed: 'The part that moves files does not start. Your files are safe.',
  },

  account: {
    online: 'B2 online',
    offline: 'Offline',
    none: 'Not connected',
    waiting: 'Not signed in',
    menu: (state: string) => `${state}. Account menu`,
    key: (applicationKeyId: string) => `Key ${applicationKeyId}`,
    enterKey: 'Enter another key',
    connect: 'Connect to B2',
    noneTitle: 'Not connected to B2',
    noneText: 'Changes in your folders wait, and nothing is lost. Connect to go on.',
    disconnect: 'Disconnect',
    disconnectTitle: 'Disconnect from B2?',
    disconnectText:
      'Pail forgets the key, also in the keychain, and sends nothing until you connect again. Your files stay, here and in B2.',
    stayConnected: 'Stay connected',
  },

  setup: {
    step: (step: number, of: number) => `Step ${step} of ${of}`,
    whatHappens: 'What will happen',
    key: {
      title: 'Connect to Backblaze B2',
      reconnectTitle: 'Enter the key again',
      intro: 'Pail signs in with an application key. You can make one for Pail alone, limited to one bucket.',
      keyId: 'Key ID',
      applicationKey: 'Application key',
      show: 'Show characters',
      hide: 'Hide characters',
      whereToFind: 'Where do I find this?',
      connect: 'Connect',
      connecting: 'Connecting',
      otherKey: 'Use another key',
      keep: 'Keep the current key',
      continueAnyway: 'Continue anyway',
      points: [
        'Pail checks the key with B2 at once.',
        "The key is kept in your system's keychain and nowhere else.",
        'Nothing is sent before you have chosen a folder.',
      ],
      needs: 'The key should be able to',
      lacksTitle: 'Connected, but this key cannot do everything',
      lacks: (capabilities: readonly string[]) =>
        `It lacks ${capabilities.map((name) => `${name} (${capabilityUses[name] ?? 'needed by Pail'})`).join(', ')}. Use a key that has ${capabilities.length === 1 ? 'it' : 'them'}; with this one Pail stops where it needs ${capabilities.length === 1 ? 'it' : 'them'}.`,
    },
    bucket: {
      title: 'Which bucket?',
      intro: 'A bucket is a box in B2 that holds your files.',
      list: 'Buckets',
      private: 'Private',
      public: 'Public',
      publicWarning: 'Anyone who knows or guesses an address can open the files in a public bucket.',
      emptyTitle: 'No bucket yet',
      emptyText: 'This account has no bucket that the key can see. Make a private one for Pail.',
      create: 'Create a bucket',
      name: 'Name of the new bucket',
      nameHint: '6 to 63 letters, digits and hyphens. Names are unique across all of B2.',
      nameWrong: 'Use 6 to 63 letters, digits and hyphens; it may not start with b2-.',
      createPrivate: 'Create private bucket',
      creating: 'Creating',
      points: (bucket: string | null, isPublic: boolean) => [
        bucket === null ? 'Files go into the bucket you choose.' : `Files go into ${bucket}.`,
        ...(bucket === null
          ? []
          : [
              isPublic
                ? 'Everything in it can be opened from anywhere.'
                : 'Only you, and people you give a link, can open them.',
            ]),
        'What is in the bucket already stays as it is.',
      ],
    },
    folder: {
      title: 'Which folder?',
      intro: 'Pail keeps this folder in B2, with everything below it.',
      choose: 'Choose folder',
      chooseOther: 'Choose another folder',
      none: 'No folder chosen yet',
      counting: 'Counting files',
      count: (files: number, bytes: number, isComplete: boolean) =>
        `${isComplete ? '' : 'More than '}${formatFiles(files)}, ${formatBytes(bytes)}`,
      unreadable: (count: number) =>
        count === 1
          ? '1 file may not be read and will be left out.'
          : `${number(count)} files may not be read and will be left out.`,
      skipped: (count: number) =>
        count === 1
          ? '1 temporary or system file is left out.'
          : `${number(count)} temporary and system files are left out.`,
      place: 'Place in the bucket',
      placeHint: 'Leave it empty to use the top of the bucket.',
      destination: 'Goes to',
      start: 'Start syncing',
      startingSync: 'Starting',
      points: (amount: string | null) => [
        amount === null
          ? 'Every file in the folder goes to B2.'
          : `${amount} go to B2. What is there already is not sent again.`,
        'From then on each change is sent within seconds.',
        'When you delete a file, B2 hides it and keeps the old version.',
        'Nothing in your folder is ever changed.',
      ],
    },
  },

  overview: {
    problems: 'Needs you',
    moreProblems: (count: number) => `and ${number(count)} more`,
    moreFiles: (count: number) => `and ${number(count)} more`,
    folders: 'Folders',
    addFolder: 'Add a folder',
    firstFolderTitle: 'No folder yet',
    firstFolderText: 'Choose a folder, and Pail keeps it in B2 from then on.',
    recent: 'Recent',
    allActivity: 'All activity',
    folderMenu: (name: string) => `More for ${name}`,
    openFolder: 'Open folder',
    checkNow: 'Check now',
    pauseFolder: 'Pause',
    resumeFolder: 'Resume',
    notSent: 'What is not sent',
    decide: (kind: DecisionKind, files: number) => `Decide about ${decisionSubjects[kind](formatFiles(files))}`,
    stop: 'Stop syncing',
    stopTitle: (name: string) => `Stop syncing ${name}?`,
    stopText: (files: string | null, place: string) =>
      `Nothing is deleted: your folder stays as it is${files === null ? '' : `, and so does what is in ${place} (${files})`}. Changes are no longer sent.`,
    keepSyncing: 'Keep syncing',
    inB2: 'in B2',
    goesTo: 'goes to',
    publicBucket: 'Public bucket',
  },

  decide: {
    later: 'Decide later',
    list: 'The files it is about',
    overTitle: 'Nothing to decide any more',
    overText: 'The files are back, or it has been decided already. Pail goes on by itself.',
  },

  acceptRoot: {
    title: (name: string) => `Is this the folder ${name} now?`,
    text: (root: string, place: string) =>
      `Pail takes what is at ${root} for this folder from now on, and sends what is new or changed to ${place}. When files of before are missing there, it asks you before anything happens to them in B2.`,
    yes: 'This is the folder now',
    no: 'Leave it stopped',
  },

  skipped: {
    title: (name: string) => `Not sent from ${name}`,
    intro: 'These are on this computer and do not go to B2.',
    none: 'Nothing in this folder is left out.',
    list: 'Files that are not sent',
  },

  list: {
    more: 'Show more',
    rest: (count: number) => `${number(count)} more`,
  },

  transfers: {
    now: 'Now',
    waiting: 'Waiting',
    done: 'Done',
    emptyTitle: 'Nothing to send',
    emptyText: 'When a file changes, you see it here on its way to B2.',
    nothingNow: 'Nothing is being sent.',
    more: (count: number) => `and ${number(count)} more`,
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
  },

  activity: {
    verbs,
    notes,
    verbNotes,
    spared: (size: string) => `${size} already in B2`,
    sparedNote: 'Only what had changed was sent. B2 copied the rest from the version before.',
    emptyTitle: 'Nothing has happened yet',
    emptyText: 'Every file that reaches B2 is listed here.',
    loadMore: 'Show older',
  },

  problems: {
    emptyTitle: 'No problems',
    emptyText: 'When something needs you, it is listed here with what to do.',
    files: (count: number) => formatFiles(count),
    folders: (count: number) => (count === 1 ? '1 folder' : `${number(count)} folders`),
    more: (count: number) => `Show ${number(count)} more`,
    notListed: (count: number) => `${number(count)} more are not listed here. They appear when these are solved.`,
    since: (when: string) => `since ${when}`,
    show: 'Show in folder',
    remedies: {
      check: 'Check now',
      decide: 'Decide...',
      acceptRoot: 'This is the folder now...',
      stop: 'Stop syncing...',
      reconnect: 'Enter the key again',
      caps: 'Open caps at Backblaze',
    },
  },

  toast: {
    linkCopied: (until: string) => `Link copied. It works until ${until}.`,
    publicLinkCopied: 'Link copied. It works as long as the file is there.',
    region: 'Messages',
  },

  capabilityUses,
} as const

/** What a person can do about a code, as one button; without one it is looked at once more. */
export type Remedy = keyof typeof t.problems.remedies

export const remedies: Partial<Readonly<Record<ErrorCode, Remedy>>> = {
  account_not_connected: 'reconnect',
  key_rejected: 'reconnect',
  key_unsupported: 'reconnect',
  capability_missing: 'reconnect',
  bucket_not_allowed: 'reconnect',
  bucket_missing: 'stop',
  storage_cap_exceeded: 'caps',
  transaction_cap_exceeded: 'caps',
  download_cap_exceeded: 'caps',
  root_replaced: 'acceptRoot',
  root_emptied: 'decide',
  mass_deletion: 'decide',
  mass_emptied: 'decide',
  would_overwrite: 'decide',
}
