/** How much is stored, and what that costs. */
import { formatNumber } from '../../../shared/format/count.ts'

export const storage = {
  title: 'Storage',
  inB2: 'in B2',
  of: (stored: string, cap: string) => `${stored} of ${cap}`,
  above: (bytes: string) => `${bytes} above your limit`,
  left: (bytes: string) => `${bytes} left`,
  current: 'Files as they are now',
  old: 'Older versions',
  unfinished: 'Unfinished uploads',
  versions: (count: number) => (count === 1 ? '1 version' : `${formatNumber(count)} versions`),
  bill: (usd: string) => `about ${usd} a month`,
  free: 'free of charge',
  billNote: (month: string) =>
    `For storage alone, at Backblaze's prices of ${month}. The first 10 GB of an account are free.`,
  counted: (ago: string) => `Older versions were last counted ${ago}.`,
  notCounted: 'Older versions from before Pail are counted within a day.',
  setCap: 'Set a limit',
  changeCap: 'Change the limit',
  capTitle: 'A limit to compare with',
  capText: 'Pail shows how much of it is used. It does not stop at it; caps that B2 keeps to are set at Backblaze.',
  capLabel: 'Limit in GB',
  capWrong: 'Enter a number, such as 10 or 2.5.',
  saveCap: 'Set limit',
  noCap: 'No limit',
}
