import type { Texts } from '../en.ts'

export const dialogs: Pick<Texts, 'decide' | 'acceptRoot' | 'skipped'> = {
  decide: {
    later: 'Später entscheiden',
    list: 'Die Dateien, um die es geht',
    overTitle: 'Nichts mehr zu entscheiden',
    overText: 'Die Dateien sind wieder da, oder es ist schon entschieden. Pail macht von selbst weiter.',
  },
  acceptRoot: {
    title: (name) => `Ist dies nun der Ordner ${name}?`,
    text: (root, place) =>
      `Pail nimmt, was unter ${root} liegt, von jetzt an für diesen Ordner und lädt Neues und Geändertes nach ${place} hoch. Fehlen dort frühere Dateien, fragt Pail, bevor in B2 etwas mit ihnen geschieht.`,
    yes: 'Dies ist nun der Ordner',
    no: 'Angehalten lassen',
  },
  skipped: {
    title: (name) => `Nicht hochgeladen aus ${name}`,
    intro: 'Dies ist auf diesem Computer und kommt nicht in B2.',
    none: 'In diesem Ordner wird nichts ausgelassen.',
    list: 'Dateien, die nicht hochgeladen werden',
  },
}
