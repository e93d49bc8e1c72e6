/** What a person is asked when only a person may decide, in English. */
import { formatBytes } from '../../format/bytes.ts'
import { formatFiles, formatNumber } from '../../format/count.ts'
import type { Decision } from '../../model/decision.ts'
import type { DeletionPolicy } from '../../model/folder.ts'
import type { AnswerText, DecisionText, DecisionTexts } from '../decision-text.ts'

export const decisions: DecisionTexts = { deleted: deletedText, emptied: emptiedText, overwrite: overwriteText }

const heldOthers =
  'Your answer covers exactly these files, and none that change later. The rest of the folder waits for it and then goes on.'

function deletedText({ files, totalFiles, bytes }: Decision, folder: string, policy: DeletionPolicy): DecisionText {
  const count = formatFiles(files)
  const isOne = files === 1
  return {
    title: `${count} ${isOne ? 'is' : 'are'} gone from ${folder}`,
    what: `${share(files, totalFiles)} ${isOne ? 'is' : 'are'} gone from this computer (${formatBytes(bytes)}). B2 still holds ${isOne ? 'it' : 'them'}, and nothing happens before you decide. When ${isOne ? 'it is' : 'they are'} back, Pail goes on by itself.`,
    keep: {
      label: `Keep ${count} in B2`,
      outcome: isOne ? 'It stays in B2 as it is.' : 'They stay in B2 as they are.',
    },
    apply: removal(files, policy),
    others: heldOthers,
    done: {
      keep: `${count} ${isOne ? 'stays' : 'stay'} in B2.`,
      apply: `${count} ${isOne ? 'is' : 'are'} being ${policy.kind === 'delete' ? 'deleted from' : 'hidden in'} B2.`,
    },
  }
}

function removal(files: number, policy: DeletionPolicy): AnswerText {
  const count = formatFiles(files)
  const isOne = files === 1
  switch (policy.kind) {
    case 'delete':
      return {
        label: `Delete ${count} from B2`,
        outcome: `All versions of ${isOne ? 'it' : 'them'} are deleted for good.`,
      }
    case 'hide-then-remove': {
      const days = policy.days === 1 ? '1 day' : `${policy.days} days`
      return {
        label: `Hide ${count} in B2`,
        outcome: `B2 no longer lists ${isOne ? 'it' : 'them'} and removes ${isOne ? 'it' : 'them'} for good after ${days}.`,
      }
    }
    // A folder whose policy is `keep` asks about nothing; should it have been changed meanwhile, hiding is the mildest.
    case 'keep':
    case 'hide':
      return {
        label: `Hide ${count} in B2`,
        outcome: `B2 no longer lists ${isOne ? 'it' : 'them'}; every version stays and can be brought back.`,
      }
  }
}

function emptiedText({ files, totalFiles, bytes }: Decision, folder: string): DecisionText {
  const count = formatFiles(files)
  const empties = files === 1 ? '1 empty file' : `${formatNumber(files)} empty files`
  const isOne = files === 1
  return {
    title: `${count} of ${folder} became empty`,
    what: `${share(files, totalFiles)} ${isOne ? 'has' : 'have'} no content any more. B2 still holds what was in ${isOne ? 'it' : 'them'} (${formatBytes(bytes)}), and nothing happens before you decide. When ${isOne ? 'it is' : 'they are'} restored, Pail goes on by itself.`,
    keep: {
      label: 'Keep what B2 has',
      outcome: `B2 keeps the content. Each file is sent again once it changes here.`,
    },
    apply: {
      label: `Send ${empties}`,
      outcome: 'B2 gets an empty version of each; the versions with content stay and can be brought back.',
    },
    others: heldOthers,
    done: { keep: 'What B2 has stays as it is.', apply: `${empties} ${isOne ? 'is' : 'are'} being sent.` },
  }
}

function overwriteText({ files }: Decision, folder: string): DecisionText {
  const count = formatFiles(files)
  const isOne = files === 1
  return {
    title: isOne
      ? `B2 holds another file under a name of ${folder}`
      : `B2 holds other files under ${formatNumber(files)} names of ${folder}`,
    what: `${count} in B2 did not come from this folder and ${isOne ? 'has' : 'have'} other content than yours. Pail replaces nothing before you decide.`,
    keep: {
      label: `Keep ${count} in B2`,
      outcome: 'What B2 has stays, and so do your files here. Each of them is sent once it changes here.',
    },
    apply: {
      label: `Replace ${count} in B2`,
      outcome: 'Your files become the newest versions; what B2 has now stays as older versions.',
    },
    others: 'Your answer covers exactly these files. All others go on as usual.',
    done: {
      keep: `${count} in B2 ${isOne ? 'stays' : 'stay'} as ${isOne ? 'it is' : 'they are'}.`,
      apply: `${count} in B2 ${isOne ? 'is' : 'are'} being replaced.`,
    },
  }
}

/** `12 of 40 files`, and `All 40 files` where nothing is left. */
function share(files: number, totalFiles: number): string {
  if (files >= totalFiles) return totalFiles === 1 ? 'The only file' : `All ${formatFiles(files)}`
  return `${formatNumber(files)} of ${formatFiles(totalFiles)}`
}
