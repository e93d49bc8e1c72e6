import { formatFiles, formatNumber } from '../../../shared/format/count.ts'

/** The shell's own words in English: tray, menus, and what is said where there is no window to say it. */
export const en = {
  tray: {
    open: 'Open Pail',
    openFolder: 'Open folder',
    recent: 'Recent',
    copyLink: (name: string) => `Copy link: ${name}`,
    problems: (count: number) => `Problems (${count})`,
    settings: 'Settings',
    pause: 'Pause',
    resume: 'Resume',
    quit: 'Quit',
    starting: 'Starting',
  },
  menu: {
    file: '&File',
    closeWindow: 'Close Window',
    quit: 'Quit Pail',
    edit: '&Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    delete: 'Delete',
    selectAll: 'Select All',
    window: 'Window',
    minimize: 'Minimize',
    zoom: 'Zoom',
    front: 'Bring All to Front',
    about: 'About Pail',
    services: 'Services',
    hide: 'Hide Pail',
    hideOthers: 'Hide Others',
    showAll: 'Show All',
  },
  news: {
    engineRestarted: 'Pail started again',
    engineStopped: 'Pail has stopped syncing',
    problems: (count: number) => `${formatNumber(count)} problems need you`,
    files: (count: number, names: string) => `${formatFiles(count)}: ${names}`,
    finished: 'Everything is in B2',
    finishedFiles: (files: number) => `${formatFiles(files)}, checked and up to date`,
    linkCopied: 'Link copied',
    linkWorks: (name: string, until: string | null) =>
      until === null ? `${name} - works as long as the file is there` : `${name} - works until ${until}`,
    linkPromised: (name: string) => `${name} - works as soon as it is in B2`,
    linkReady: 'The link works now',
    linkEnds: 'A link ends soon',
    noLink: (name: string) => `No link to ${name}`,
    noLinks: 'No link was copied',
    linksCopied: (count: number) => `${formatNumber(count)} links copied`,
    someLinksCopied: (count: number, all: number) => `${formatNumber(count)} of ${formatNumber(all)} links copied`,
    linksPromised: (count: number) =>
      count === 1
        ? '1 works as soon as its file is in B2'
        : `${formatNumber(count)} work as soon as their files are in B2`,
    notHere: 'There are links only to files of this computer. Copy others here first.',
    notHereToShow: 'Pail shows only files of this computer.',
    tooManyLinks: (most: number) => `At most ${formatNumber(most)} at once. Select fewer, or their folder.`,
  },
  engine: {
    closing: 'Pail is closing.',
    crashed: 'The part of Pail that syncs stopped unexpectedly. It is started again by itself; nothing is lost.',
    nodeTooOld: (version: string, needed: string) =>
      `This Electron brings Node ${version}, and Pail needs ${needed} or newer. Set PAIL_ENGINE_NODE to the path of a newer Node, then start Pail again.`,
  },
  files: {
    chooseFolder: 'Choose the folder',
    chooseFolders: 'Choose folders to keep in B2',
    /** Without its ending; `day` as 2026-11-22. */
    activity: (day: string) => `Pail activity ${day}`,
  },
  /** In the menus of file managers. */
  rightClick: {
    copyLink: 'Copy Pail link',
    copyLinkHint: 'Copies a link with which others can open it',
    show: 'Show in Pail',
    showHint: 'Shows whether it is in B2, why not, and what happened to it',
  },
  cannotStart: {
    title: 'Pail cannot start',
    dataFolder: (reason: string) => `Pail may not use its data folder. ${reason}`,
  },
}

export type ShellTexts = typeof en
