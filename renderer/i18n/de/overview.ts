import { formatFiles, formatNumber } from '../../../shared/format/count.ts'
import type { DecisionKind } from '../../../shared/model/decision.ts'
import type { Texts } from '../en.ts'

const decisions: Readonly<Record<DecisionKind, (files: number) => string>> = {
  deleted: (files) => `Über ${formatFiles(files)} entscheiden, die ${files === 1 ? 'fehlt' : 'fehlen'}`,
  emptied: (files) => `Über ${formatFiles(files)} ohne Inhalt entscheiden`,
  overwrite: (files) => `Über ${formatFiles(files)} in B2 entscheiden`,
}

export const overview: Texts['overview'] = {
  problems: 'Eingriff nötig',
  moreProblems: (count) => `und ${formatNumber(count)} weitere`,
  moreFiles: (count) => `und ${formatNumber(count)} weitere`,
  folders: 'Ordner',
  addFolder: 'Ordner hinzufügen',
  firstFolderTitle: 'Noch kein Ordner',
  firstFolderText: 'Einen Ordner wählen, und von da an hält Pail ihn in B2.',
  recent: 'Zuletzt',
  allActivity: 'Ganzer Verlauf',
  folderMenu: (name) => `Mehr zu ${name}`,
  openFolder: 'Ordner öffnen',
  checkNow: 'Jetzt prüfen',
  pauseFolder: 'Pausieren',
  resumeFolder: 'Fortsetzen',
  notSent: 'Was nicht hochgeladen wird',
  decide: (kind, files) => decisions[kind](files),
  stop: 'Nicht mehr synchronisieren',
  stopTitle: (name) => `${name} nicht mehr synchronisieren?`,
  stopText: (files, place) =>
    `Nichts wird gelöscht: Der Ordner bleibt, wie er ist${files === null ? '' : `, und was in ${place} ist, bleibt auch (${files})`}. Änderungen werden nicht mehr hochgeladen.`,
  keepSyncing: 'Weiter synchronisieren',
  inB2: 'in B2',
  goesTo: 'geht nach',
  publicBucket: 'Öffentlicher Bucket',
  throughput: (now, most) => `${now} werden hochgeladen, höchstens ${most} in den letzten 5 Minuten`,
  throughputMost: (most) => `höchstens ${most}`,
  lastChange: (ago) => `zuletzt geändert ${ago}`,
}
