/** The shell's own words in English: tray, menus, and what is said where there is no window to say it. */
export const en = {
  tray: {
    open: 'Open Pail',
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
  engine: {
    closing: 'Pail is closing.',
    crashed: 'The part of Pail that syncs stopped unexpectedly. It is started again by itself; nothing is lost.',
    nodeTooOld: (version: string, needed: string) =>
      `This Electron brings Node ${version}, and Pail needs ${needed} or newer. Set PAIL_ENGINE_NODE to the path of a newer Node, then start Pail again.`,
  },
  cannotStart: {
    title: 'Pail cannot start',
    dataFolder: (reason: string) => `Pail may not use its data folder. ${reason}`,
  },
}

export type ShellTexts = typeof en
