import type { IgnoreSource, SkipReason } from '../../model/explanation.ts'

const skipWords: Readonly<Record<SkipReason, string>> = {
  symlink: 'Symbolic link',
  special: 'Not a file',
  placeholder: 'Online only',
  'name-not-utf8': 'Name is not text',
  unreadable: 'May not be read',
  ignored: 'Left out by a rule',
}

const skipSentences: Readonly<Record<SkipReason, string>> = {
  symlink:
    'It is a symbolic link, and Pail follows none. To keep what it points to in B2, put the file itself into this folder.',
  special: 'It is a device, a pipe or a socket. Those hold nothing that could be kept in B2.',
  placeholder: 'It is online only: its content is not on this computer. Download it, and Pail sends it.',
  'name-not-utf8': 'Its name is not valid text (UTF-8), and B2 takes no such name. Rename it, and Pail sends it.',
  unreadable: 'Pail may not read it. Change its permissions, and Pail sends it.',
  ignored: 'An ignore rule leaves it out. Change the rule, and Pail sends it.',
}

/** Few words for what a rule of this kind leaves out. */
const ruleWords: Readonly<Record<IgnoreSource, (rule: string) => string>> = {
  'built-in': () => 'Temporary or system file',
  'own-data': () => 'Belongs to Pail',
  settings: (rule) => `Rule ${rule}`,
  '.pailignore': (rule) => `Rule ${rule}`,
}

/** The sentence for it; `line` is where the rule stands, counted from 1, or null. */
const ruleSentences: Readonly<Record<IgnoreSource, (rule: string, line: number | null) => string>> = {
  'built-in': (rule) => `Pail leaves out temporary and system files: this one matches ${rule}.`,
  'own-data': () => 'It belongs to Pail itself and is never sent.',
  settings: (rule, line) =>
    `The rule ${rule} (${lineOf(line)}this folder's ignore rules) leaves it out. Change the rule, and Pail sends it.`,
  '.pailignore': (rule, line) =>
    `The rule ${rule} (${lineOf(line)}.pailignore) leaves it out. Change the rule, and Pail sends it.`,
}

export const explanations = {
  skipWords,
  skipSentences,
  ruleWords,
  ruleSentences,
  inSync: (since: string | null) =>
    `It is in B2 as it is here${since === null ? '' : `, since ${since}`}. There is nothing to do.`,
  changing: (since: string, latest: string) =>
    `It has been changing since ${since}. Pail sends it once it has been quiet for a moment, and ${latest} at the latest.`,
  restless: (since: string, latest: string) =>
    `It has not rested since ${since}, so Pail sends it every few minutes: next ${latest}, or sooner once it is quiet.`,
  stillChanging: 'It is still changing. Pail sends it once it has been quiet for a moment.',
  verySoon: 'very soon',
  at: (moment: string) => `at ${moment}`,
  waitsForTurn: 'It waits for its turn and is sent by itself.',
  nextTry: (duration: string) => `Next try in ${duration}.`,
  sending: 'It is on its way to B2.',
  putOffOver: 'You left it for later. Its time has come, and it is sent in its turn.',
  putOffUntil: (until: string) =>
    `You left it for later: it waits until ${until}, or until it changes. Try it now to send it at once.`,
  paused: 'Pail is paused. Resume, and it is sent.',
  pausedUntil: (until: string) => `Pail is paused until ${until} and sends it then. Resume to send it at once.`,
  outOfHours: (until: string) =>
    `This folder does not send at this time of the week, as it is set. It waits until ${until}; nothing is lost.`,
  leaving:
    'It is gone from this folder and still in B2. Pail looks a second time before anything happens to it there; put it back and it stays.',
  kept: 'What B2 holds was left as it is on purpose. Pail sends this file again as soon as it changes here.',
  directory: 'It is a folder. B2 stores files only, so a folder is there as soon as a file in it is.',
  notThere: 'There is no file of this name in the folder. Check the name.',
  unknown: 'Pail has not looked at it yet. Check now, or wait for the check that is under way.',
}

export type ExplanationTexts = typeof explanations

function lineOf(line: number | null): string {
  return line === null ? '' : `line ${line} of `
}
