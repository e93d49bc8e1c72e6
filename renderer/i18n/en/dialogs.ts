/** Questions about one folder in front of the window. */

export const dialogs = {
  decide: {
    later: 'Decide later',
    list: 'The files it is about',
    overTitle: 'Nothing to decide any more',
    overText: 'The files are back, or it has been decided already. Pail goes on by itself.',
  },
  acceptRoot: {
    title: (name: string) => `Is this the folder ${name} now?`,
    text: (root: string, place: string) =>
      `Pail takes what is at ${root} for this folder from now on, and sends what is new or changed to ${place}. When files of before are missing there, it asks you before anything happens to them in B2.`,
    yes: 'This is the folder now',
    no: 'Leave it stopped',
  },
  skipped: {
    title: (name: string) => `Not sent from ${name}`,
    intro: 'These are on this computer and do not go to B2.',
    none: 'Nothing in this folder is left out.',
    list: 'Files that are not sent',
  },
}
