/** Links zum Teilen. */
import { formatBytes } from '../../../shared/format/bytes.ts'
import { formatNumber } from '../../../shared/format/count.ts'
import type { Texts } from '../en.ts'

export const links: Texts['links'] = {
  promised: 'Link kopiert. Er geht, sobald die Datei in B2 ist; Pail sendet sie zuerst.',
  somePromised: (count) => `${formatNumber(count)} davon gehen, sobald ihre Dateien in B2 sind.`,
  noneMade: 'Es wurde kein Link gemacht.',
  ask: {
    siblingsTitle: 'Dieser Link würde mehr öffnen',
    siblingsTitleMany: (count) => `${formatNumber(count)} Links würden mehr öffnen`,
    siblingsText: (name) => `B2 öffnet jede Datei, deren Name beginnt wie der geteilte. Außer ${name} wären das:`,
    siblingsTextMany: 'B2 öffnet jede Datei, deren Name beginnt wie ein geteilter. Das wären unter anderem:',
    list: 'Dateien, die der Link auch öffnen würde',
    more: ({ count, samples, isMore }) => `${isMore ? 'mehr als ' : ''}${formatNumber(count - samples.length)} weitere`,
    hidden: (count) =>
      `${formatNumber(count)} davon ${count === 1 ? 'ist' : 'sind'} verborgen oder noch nicht da und würden später geöffnet.`,
    copy: 'Eine Kopie teilen',
    copyText:
      'B2 legt eine Kopie unter einem Namen an, den niemand erraten kann. Sie wird entfernt, wenn der Link endet.',
    anyway: 'Trotzdem verlinken',
    anywayText: 'Wer den Link hat und diese Namen kennt oder errät, kann auch sie öffnen, bis der Link endet.',
    outsideTitle: (count) =>
      count === 1 ? 'Diese Datei ist nicht in B2' : `${formatNumber(count)} Dateien sind nicht in B2`,
    outsideText: (bytes, bucketName) =>
      `Pail synchronisiert nicht, was hier geteilt wird. Es kann eine Kopie (${formatBytes(bytes)}) an ${bucketName} senden und diese verlinken; sie wird entfernt, wenn der Link endet.`,
    upload: 'Eine Kopie senden',
    cancel: 'Kein Link',
  },
}
