/** The questions at the first start, and for another folder or key. */
import { formatBytes } from '../../../shared/format/bytes.ts'
import { formatFiles, formatNumber } from '../../../shared/format/count.ts'
import { capabilityUses } from './capabilities.ts'

export const setup = {
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
        : `${formatNumber(count)} files may not be read and will be left out.`,
    skipped: (count: number) =>
      count === 1
        ? '1 temporary or system file is left out.'
        : `${formatNumber(count)} temporary and system files are left out.`,
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
}
