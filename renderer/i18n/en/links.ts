/** Share links. */
import { formatBytes } from '../../../shared/format/bytes.ts'
import { formatNumber } from '../../../shared/format/count.ts'
import type { Siblings } from '../../../shared/model/link.ts'

export const links = {
  promised: 'Link copied. It works as soon as the file is in B2, which Pail sends first.',
  somePromised: (count: number) => `${formatNumber(count)} of them work as soon as their files are in B2.`,
  noneMade: 'No link was made.',
  ask: {
    siblingsTitle: 'This link would open more',
    siblingsTitleMany: (count: number) => `${formatNumber(count)} links would open more`,
    siblingsText: (name: string) =>
      `B2 opens every file whose name begins like the shared one. Besides ${name} that would be:`,
    siblingsTextMany: 'B2 opens every file whose name begins like a shared one. That would be, among others:',
    list: 'Files that the link would open too',
    more: ({ count, samples, isMore }: Siblings) =>
      `${isMore ? 'more than ' : ''}${formatNumber(count - samples.length)} more`,
    hidden: (count: number) =>
      `${formatNumber(count)} of these ${count === 1 ? 'is' : 'are'} hidden or not there yet, and would open later.`,
    copy: 'Share a copy',
    copyText: 'B2 makes a copy under a name that nobody can guess. It is removed when the link ends.',
    anyway: 'Link anyway',
    anywayText: 'Whoever has the link and knows or guesses these names can open them too, until the link ends.',
    outsideTitle: (count: number) =>
      count === 1 ? 'This file is not in B2' : `${formatNumber(count)} files are not in B2`,
    outsideText: (bytes: number, bucketName: string) =>
      `Pail does not sync what you share here. It can send a copy (${formatBytes(bytes)}) to ${bucketName} and link that; it is removed when the link ends.`,
    upload: 'Send a copy',
    cancel: 'No link',
  },
}
