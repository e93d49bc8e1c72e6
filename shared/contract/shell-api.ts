/** What the desktop shell does for the window: dialogs, the file manager, the clipboard, native menus. */
import { z } from 'zod'
import { AbsolutePath, FolderId, RelativePath } from '../ids.ts'
import { ActivityFilter } from '../model/activity.ts'
import { LinkAnswer, LinkPlace, LinkTarget, MOST_LINKS } from '../model/link.ts'
import { AskedFile, FileManagerId, FileManagerState } from '../model/right-click.ts'
import { ShellSettingsChange, ShellState } from '../model/shell-settings.ts'
import { procedure } from './procedure.ts'

const nothing = z.undefined()

export const HelpTopic = z.enum(['create-key', 'caps', 'source'])
export type HelpTopic = z.infer<typeof HelpTopic>

/** What the shell can ask the window to show: from the tray, a notification, or a second start of Pail. */
export const RequestedView = z.enum(['overview', 'transfers', 'links', 'problems', 'settings'])
export type RequestedView = z.infer<typeof RequestedView>

const MenuCommand = z.object({ id: z.string(), label: z.string().max(200), enabled: z.boolean().optional() })

/** One line of a native menu; with `items`, a menu of its own that opens beside it and itself is never chosen. */
const MenuItem = z.union([
  MenuCommand.extend({ items: z.array(MenuCommand).max(20).optional() }),
  z.object({ separator: z.literal(true) }),
])
export type MenuItem = z.infer<typeof MenuItem>

/** In CSS pixels of the page, from its upper left corner. */
const MenuPlace = z.object({ x: z.number(), y: z.number() })
export type MenuPlace = z.infer<typeof MenuPlace>

export const ShellInfo = z.object({
  /** Node's name of the platform. */
  platform: z.string(),
  systemVersion: z.string(),
  version: z.string(),
  electronVersion: z.string(),
  dataFolder: z.string(),
  logFolder: z.string(),
})
export type ShellInfo = z.infer<typeof ShellInfo>
export const ExportFormat = z.enum(['csv', 'json'])
export type ExportFormat = z.infer<typeof ExportFormat>

/** `cancelled`: no file was chosen. `name` is the file's, without its folder. */
export const ExportOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cancelled') }),
  z.object({ kind: z.literal('saved'), rows: z.number().int(), name: z.string() }),
  z.object({ kind: z.literal('failed'), reason: z.enum(['no-space', 'not-allowed', 'other']) }),
])
export type ExportOutcome = z.infer<typeof ExportOutcome>

export const shellApi = {
  /** What this program is and where it keeps what: for a person who asks, and for a report. */
  getInfo: procedure(nothing, ShellInfo),
  getSettings: procedure(nothing, ShellState),
  /** Takes effect at once; what is not given stays. */
  changeSettings: procedure(ShellSettingsChange, nothing),
  /** The folder a person picked, or null when the dialog was closed. */
  chooseFolder: procedure(nothing, AbsolutePath.nullable()),
  /** The folders a person picked; none when the dialog was closed. */
  chooseFolders: procedure(nothing, z.array(AbsolutePath)),
  /** Files that a person picked, or with `isFolders` folders; none when the dialog was closed. */
  chooseToDrop: procedure(z.object({ isFolders: z.boolean() }), z.array(AbsolutePath)),
  /** Shows a file of a sync folder in the system's file manager; without `path`, the root itself. */
  showInFolder: procedure(z.object({ folderId: FolderId, path: RelativePath.optional() }), nothing),
  /** The file managers of this computer whose menus can have Pail's entries; those that are not there are left out. */
  listFileManagers: procedure(nothing, z.array(FileManagerState)),
  /** Puts the entries into the menus of these file managers, or takes them out, and says how all are then. */
  setFileManagers: procedure(z.object({ ids: z.array(FileManagerId), isOn: z.boolean() }), z.array(FileManagerState)),
  /** Asks for a file and writes what happened into it, newest first; throws what the engine throws. */
  exportActivity: procedure(z.object({ filter: ActivityFilter, format: ExportFormat }), ExportOutcome),
  /** Opens the folder with the logs in the file manager. */
  openLogs: procedure(nothing, nothing),
  copyText: procedure(z.object({ text: z.string().min(1).max(100_000) }), nothing),
  /** Opens one of Pail's own help pages in the browser; never an address that came from a page. */
  openHelp: procedure(z.object({ topic: HelpTopic }), nothing),
  /** Pops up a native menu with its corner at a place in the window and returns the id that was chosen, or null. */
  showMenu: procedure(z.object({ items: z.array(MenuItem).min(1).max(20), at: MenuPlace }), z.string().nullable()),
} as const

export const shellEvents = {
  /** Sent whenever one of the settings is another, whoever changed it. */
  settingsChanged: ShellState,
  /** The engine process stopped or came back; while it is down the window says so. */
  engineStateChanged: z.object({
    kind: z.enum(['starting', 'running', 'restarting', 'failed']),
    /** Why, for `failed` and `restarting`: one sentence, no secrets. */
    reason: z.string().nullable(),
  }),
  /** A person asked for this view from outside the window. */
  viewRequested: z.object({ view: RequestedView }),
  /** A person asked for links from outside the window, and has to be asked something about them. */
  linksRequested: z.object({
    targets: z.array(LinkTarget).min(1).max(MOST_LINKS),
    /** What the engine has said to each. */
    answers: z.array(LinkAnswer),
    copiedTo: LinkPlace,
  }),
  /** A person wants to see how these are, by a right click in the file manager. */
  filesRequested: z.object({ files: z.array(AskedFile).min(1) }),
} as const

export type ShellApi = typeof shellApi
export type ShellEvents = typeof shellEvents
