/** What Pail has to do with one file manager. */
import type { FileManagerId, FileManagerState, RightClickAction } from '../../../shared/model/right-click.ts'

export type FileManager = {
  readonly id: FileManagerId
  /** Whether it is on this computer. */
  readonly isHere: () => boolean
  readonly find: () => Promise<Omit<FileManagerState, 'id'>>
  /** Puts the entries in; nothing where something else is in their place. Throws the system's error. */
  readonly install: () => Promise<void>
  /** Takes out what Pail put in, and nothing else. Throws the system's error. */
  readonly remove: () => Promise<void>
  /** Brings what is in the menu up to date, in the language of this moment; puts nothing back that a person took out. */
  readonly refresh: () => Promise<void>
}

/** An entry of a menu, in one language. */
export type Entry = { readonly action: RightClickAction; readonly label: string; readonly hint: string }

/** What the entries run, and look like. */
export type EntryTarget = {
  /** The script that hands a right click to Pail: `LAUNCHER ACTION FILE...`. */
  readonly launcher: string
  /** A picture for the menu. */
  readonly icon: string
}

/** By this Pail knows its own files again. */
export const OWN_MARK = 'Made by Pail, which also removes it: Settings, Right-click menu.'
