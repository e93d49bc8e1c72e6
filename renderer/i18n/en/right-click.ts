/** What comes from a right click in the system's file manager, and the settings about it. */
import { formatNumber } from '../../../shared/format/count.ts'
import type { FileManagerId } from '../../../shared/model/right-click.ts'

const names: Readonly<Record<FileManagerId, string>> = {
  nautilus: 'Files (Nautilus)',
  nemo: 'Nemo',
  caja: 'Caja',
  dolphin: 'Dolphin',
  thunar: 'Thunar',
  explorer: 'Explorer',
  finder: 'Finder',
}

/** Where to find the entries, where that is not plain. */
const places: Readonly<Partial<Record<FileManagerId, string>>> = {
  nautilus: 'Below "Scripts".',
  caja: 'Below "Scripts".',
  thunar: 'Thunar shows a change when it is started again.',
  explorer: 'In Windows 11 below "Show more options".',
  finder: 'Below "Quick Actions".',
}

export const rightClick = {
  title: 'Right-click menu',
  words: 'file manager context menu copy link',
  all: 'Pail in the right-click menu',
  allHint:
    '"Copy Pail link" and "Show in Pail" for files and folders. Works for many at once, and starts Pail if needed.',
  none: 'No file manager was found that Pail can do this for: Files (Nautilus), Nemo, Caja, Dolphin or Thunar.',
  names,
  places,
  inTheWay: (path: string) =>
    `Not possible: ${path} belongs to something else, or Pail may not write there. Move it away and try again.`,

  file: {
    of: (number: number, count: number) => `${formatNumber(number)} of ${formatNumber(count)}`,
    next: 'Next file',
    previous: 'Previous file',
    looking: 'Looking',
    outside: 'It is in no folder that Pail syncs, so nothing of it is in B2.',
    history: 'What happened to it',
    nothing: 'Nothing so far.',
    all: 'Show everything',
    addFolder: 'Add a folder',
    copyLink: 'Copy link',
    checkNow: 'Check now',
  },
}
