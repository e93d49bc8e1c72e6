/** What needs a person. */
import { formatFiles, formatNumber } from '../../../shared/format/count.ts'

export const problems = {
  emptyTitle: 'No problems',
  emptyText: 'When something needs you, it is listed here with what to do.',
  files: (count: number) => formatFiles(count),
  folders: (count: number) => (count === 1 ? '1 folder' : `${formatNumber(count)} folders`),
  more: (count: number) => `Show ${formatNumber(count)} more`,
  notListed: (count: number) => `${formatNumber(count)} more are not listed here. They appear when these are solved.`,
  since: (when: string) => `since ${when}`,
  show: 'Show in folder',
  remedies: {
    check: 'Check now',
    decide: 'Decide...',
    acceptRoot: 'This is the folder now...',
    stop: 'Stop syncing...',
    reconnect: 'Enter the key again',
    caps: 'Open caps at Backblaze',
    links: 'Show the links',
    proxy: 'Proxy settings',
  },
}
