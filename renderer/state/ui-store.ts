/** What the window shows: the view, a set-up flow on top of it, one message at the edge. */
import { create } from 'zustand'
import type { FolderId } from '../../shared/ids.ts'
import type { DecisionKind } from '../../shared/model/decision.ts'
import type { Link } from '../../shared/model/link.ts'
import type { AskedFile } from '../../shared/model/right-click.ts'
import type { LinkQuestion } from './links.ts'

export type ViewName = 'overview' | 'transfers' | 'activity' | 'links' | 'problems' | 'settings'

/** `first-run` asks all four questions, `add-folder` begins at the second, `reconnect` is the key alone. */
export type SetupMode = 'first-run' | 'add-folder' | 'reconnect'

export type ToastMessage = { readonly id: number; readonly tone: 'plain' | 'danger'; readonly text: string }

/** Settings that other views lead to. */
export type SettingsGroup = 'links' | 'proxy'

/** A question in front of the window, most of them about one folder. */
export type DialogRequest =
  | { readonly kind: 'stop' | 'accept-root' | 'skipped'; readonly folderId: FolderId }
  | { readonly kind: 'decide'; readonly folderId: FolderId; readonly decision: DecisionKind }
  | { readonly kind: 'link'; readonly question: LinkQuestion }
  /** How files are that were right-clicked in the file manager, one at a time. */
  | { readonly kind: 'files'; readonly files: readonly AskedFile[] }
  | { readonly kind: 'links-made'; readonly question: LinkQuestion }
  | { readonly kind: 'create-link' }
  | { readonly kind: 'end-link'; readonly link: Link }

type UiStore = {
  readonly view: ViewName
  readonly setup: SetupMode | null
  /** True once a person has put the first run off or finished it; then an empty Overview is right. */
  readonly firstRunOver: boolean
  readonly dialog: DialogRequest | null
  readonly toast: ToastMessage | null
  /** The settings that were asked for: they are to be brought into sight. */
  readonly settingsGroup: SettingsGroup | null
}

export const useUiStore = create<UiStore>(() => ({
  view: 'overview',
  setup: null,
  firstRunOver: false,
  dialog: null,
  toast: null,
  settingsGroup: null,
}))

export function showView(view: ViewName): void {
  useUiStore.setState({ view })
}

/** Shows the settings with one group of them at the top. */
export function showSettings(settingsGroup: SettingsGroup): void {
  useUiStore.setState({ view: 'settings', settingsGroup })
}

/** That group is in sight. */
export function foundSettings(): void {
  useUiStore.setState({ settingsGroup: null })
}

/** Shows a view that a person asked for from outside the window, whatever is in front of it now. */
export function goToView(view: ViewName): void {
  useUiStore.setState({ view, setup: null, dialog: null })
}

/** Shows how files are, whatever is in front of the window now. */
export function showFiles(files: readonly AskedFile[]): void {
  useUiStore.setState({ setup: null, dialog: { kind: 'files', files } })
}

export function startSetup(setup: SetupMode): void {
  useUiStore.setState({ setup })
}

/** Leaves the set-up flow for the overview. */
export function endSetup(): void {
  useUiStore.setState({ setup: null, firstRunOver: true, view: 'overview' })
}

export function openDialog(dialog: DialogRequest): void {
  useUiStore.setState({ dialog })
}

export function closeDialog(): void {
  useUiStore.setState({ dialog: null })
}

let lastToastId = 0

/** Shows one message; the one before it goes. */
export function showToast(text: string, tone: ToastMessage['tone'] = 'plain'): void {
  lastToastId += 1
  useUiStore.setState({ toast: { id: lastToastId, tone, text } })
}

export function hideToast(): void {
  useUiStore.setState({ toast: null })
}
