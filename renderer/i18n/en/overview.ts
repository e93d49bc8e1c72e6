/** The overview and its folder cards. */
import { formatFiles, formatNumber } from '../../../shared/format/count.ts'
import type { DecisionKind } from '../../../shared/model/decision.ts'

/** What a decision is about, in the middle of a sentence. */
const decisionSubjects: Readonly<Record<DecisionKind, (files: string) => string>> = {
  deleted: (files) => `${files} that are gone`,
  emptied: (files) => `${files} without content`,
  overwrite: (files) => `${files} in B2`,
}

export const overview = {
  problems: 'Needs you',
  moreProblems: (count: number) => `and ${formatNumber(count)} more`,
  moreFiles: (count: number) => `and ${formatNumber(count)} more`,
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
  throughput: (now: string, most: string) => `Sending ${now}, at most ${most} in the last 5 minutes`,
  throughputMost: (most: string) => `at most ${most}`,
  lastChange: (ago: string) => `last change ${ago}`,
}
