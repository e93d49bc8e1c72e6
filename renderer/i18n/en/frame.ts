/** What is around the views, and words that several of them use. */
import { formatNumber } from '../../../shared/format/count.ts'

export const frame = {
  appName: 'Pail',
  back: 'Back',
  cancel: 'Cancel',
  close: 'Close',
  continue: 'Continue',
  later: 'Later',
  tryAgain: 'Try again',
  starting: 'Starting',

  views: {
    overview: 'Overview',
    transfers: 'Transfers',
    activity: 'Activity',
    links: 'Links',
    problems: 'Problems',
    settings: 'Settings',
  },
  mainNavigation: 'Main',
  pause: 'Pause',
  resume: 'Resume',

  days: {
    today: 'Today',
    yesterday: 'Yesterday',
    date: (weekday: string, day: string) => `${weekday} ${day}`,
  },

  engine: {
    startingAgain: 'Starting again',
    notRunning: 'Not running',
    restarting: 'The part that moves files stopped and is starting again. Nothing is lost.',
    failed: 'The part that moves files does not start. Your files are safe.',
  },

  account: {
    online: 'B2 online',
    unreachable: 'B2 unreachable',
    uploadsWait: 'uploads wait',
    answered: (ago: string) => `B2 answered ${ago}`,
    since: (reason: string, time: string) => `${reason} since ${time}`,
    none: 'Not connected',
    waiting: 'Not signed in',
    menu: (state: string) => `${state}. Account menu`,
    key: (applicationKeyId: string) => `Key ${applicationKeyId}`,
    enterKey: 'Enter another key',
    connect: 'Connect to B2',
    noneTitle: 'Not connected to B2',
    noneText: 'Changes in your folders wait, and nothing is lost. Connect to go on.',
    disconnect: 'Disconnect',
    disconnectTitle: 'Disconnect from B2?',
    disconnectText:
      'Pail forgets the key, also in the keychain, and sends nothing until you connect again. Your files stay, here and in B2.',
    stayConnected: 'Stay connected',
  },

  list: {
    more: 'Show more',
    rest: (count: number) => `${formatNumber(count)} more`,
  },

  toast: {
    linkCopied: (until: string) => `Link copied. It works until ${until}.`,
    linksCopied: (count: number, until: string | null) =>
      `${formatNumber(count)} links copied. ${until === null ? 'They work as long as the files are there.' : `They work until ${until}.`}`,
    publicLinkCopied: 'Link copied. It works as long as the file is there.',
    region: 'Messages',
  },
}
