/** How many turns the files of a folder get where those of several wait. */
import type { FolderPriority } from '../../../shared/model/folder.ts'

/** Beside another that goes first, one that goes last still has a turn in seventeen, and never stands still. */
export const PRIORITY_WEIGHTS: Readonly<Record<FolderPriority, number>> = { first: 16, normal: 4, last: 1 }
