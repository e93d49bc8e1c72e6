/** What a person is asked when only a person may decide, in German. */
import { formatBytes } from '../../format/bytes.ts'
import { formatFiles, formatNumber } from '../../format/count.ts'
import type { Decision } from '../../model/decision.ts'
import type { DeletionPolicy } from '../../model/folder.ts'
import type { AnswerText, DecisionText, DecisionTexts } from '../decision-text.ts'

export const decisions: DecisionTexts = { deleted: deletedText, emptied: emptiedText, overwrite: overwriteText }

const heldOthers =
  'Die Antwort gilt für genau diese Dateien und für keine, die sich später ändern. Der Rest des Ordners wartet darauf und geht dann weiter.'

function deletedText({ files, totalFiles, bytes }: Decision, folder: string, policy: DeletionPolicy): DecisionText {
  const count = formatFiles(files)
  const isOne = files === 1
  return {
    title: `${count} ${isOne ? 'fehlt' : 'fehlen'} in ${folder}`,
    what: `${share(files, totalFiles)} ${isOne ? 'ist' : 'sind'} von diesem Computer verschwunden (${formatBytes(bytes)}). B2 hat ${isOne ? 'sie' : 'alle'} noch, und vor einer Entscheidung geschieht nichts. ${isOne ? 'Ist sie' : 'Sind sie'} wieder da, macht Pail von selbst weiter.`,
    keep: {
      label: `${count} in B2 behalten`,
      outcome: isOne ? 'Sie bleibt in B2, wie sie ist.' : 'Sie bleiben in B2, wie sie sind.',
    },
    apply: removal(files, policy),
    others: heldOthers,
    done: {
      keep: `${count} ${isOne ? 'bleibt' : 'bleiben'} in B2.`,
      apply:
        policy.kind === 'delete'
          ? `${count} ${isOne ? 'wird' : 'werden'} aus B2 gelöscht.`
          : `${count} ${isOne ? 'wird' : 'werden'} in B2 ausgeblendet.`,
    },
  }
}

function removal(files: number, policy: DeletionPolicy): AnswerText {
  const count = formatFiles(files)
  switch (policy.kind) {
    case 'delete':
      return {
        label: `${count} aus B2 löschen`,
        outcome: 'Alle Versionen davon werden endgültig gelöscht.',
      }
    case 'hide-then-remove': {
      const days = policy.days === 1 ? '1 Tag' : `${formatNumber(policy.days)} Tagen`
      return {
        label: `${count} in B2 ausblenden`,
        outcome: `B2 listet sie nicht mehr auf und entfernt sie nach ${days} endgültig.`,
      }
    }
    // A folder whose policy is `keep` asks about nothing; should it have been changed meanwhile, hiding is the mildest.
    case 'keep':
    case 'hide':
      return {
        label: `${count} in B2 ausblenden`,
        outcome: 'B2 listet sie nicht mehr auf; jede Version bleibt und lässt sich zurückholen.',
      }
  }
}

function emptiedText({ files, totalFiles, bytes }: Decision, folder: string): DecisionText {
  const count = formatFiles(files)
  const empties = files === 1 ? '1 leere Datei' : `${formatNumber(files)} leere Dateien`
  const isOne = files === 1
  return {
    title: `${count} in ${folder} ${isOne ? 'ist' : 'sind'} nun leer`,
    what: `${share(files, totalFiles)} ${isOne ? 'hat' : 'haben'} keinen Inhalt mehr. B2 hat noch, was darin war (${formatBytes(bytes)}), und vor einer Entscheidung geschieht nichts. ${isOne ? 'Ist sie' : 'Sind sie'} wiederhergestellt, macht Pail von selbst weiter.`,
    keep: {
      label: 'Behalten, was B2 hat',
      outcome: 'B2 behält den Inhalt. Jede Datei wird wieder hochgeladen, sobald sie sich hier ändert.',
    },
    apply: {
      label: `${empties} hochladen`,
      outcome: 'B2 bekommt von jeder eine leere Version; die Versionen mit Inhalt bleiben und lassen sich zurückholen.',
    },
    others: heldOthers,
    done: {
      keep: 'Was B2 hat, bleibt, wie es ist.',
      apply: `${empties} ${isOne ? 'wird' : 'werden'} hochgeladen.`,
    },
  }
}

function overwriteText({ files }: Decision, folder: string): DecisionText {
  const count = formatFiles(files)
  const isOne = files === 1
  return {
    title: isOne
      ? `B2 hat unter einem Namen aus ${folder} eine andere Datei`
      : `B2 hat unter ${formatNumber(files)} Namen aus ${folder} andere Dateien`,
    what: `${count} in B2 ${isOne ? 'kam' : 'kamen'} nicht aus diesem Ordner und ${isOne ? 'hat' : 'haben'} anderen Inhalt als hier. Pail ersetzt vor einer Entscheidung nichts.`,
    keep: {
      label: `${count} in B2 behalten`,
      outcome:
        'Was B2 hat, bleibt, und die Dateien hier bleiben auch. Jede davon wird hochgeladen, sobald sie sich hier ändert.',
    },
    apply: {
      label: `${count} in B2 ersetzen`,
      outcome: 'Die Dateien von hier werden die neuesten Versionen; was B2 jetzt hat, bleibt als ältere Version.',
    },
    others: 'Die Antwort gilt für genau diese Dateien. Alle anderen gehen weiter wie gewohnt.',
    done: {
      keep: `${count} in B2 ${isOne ? 'bleibt, wie sie ist' : 'bleiben, wie sie sind'}.`,
      apply: `${count} in B2 ${isOne ? 'wird' : 'werden'} ersetzt.`,
    },
  }
}

/** `12 von 40 Dateien`, and `Alle 40 Dateien` where nothing is left. */
function share(files: number, totalFiles: number): string {
  if (files >= totalFiles) return totalFiles === 1 ? 'Die einzige Datei' : `Alle ${formatFiles(files)}`
  return `${formatNumber(files)} von ${formatFiles(totalFiles)}`
}
