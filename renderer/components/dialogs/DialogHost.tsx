import type { DialogRequest } from '../../state/ui-store.ts'
import type { FolderId } from '../../../shared/ids.ts'
import type { FolderView } from '../../../shared/model/folder.ts'
import { useEngineStore } from '../../state/engine-store.ts'
import { closeDialog, useUiStore } from '../../state/ui-store.ts'
import { AcceptRootDialog } from './AcceptRootDialog.tsx'
import { CreateLinkDialog } from './CreateLinkDialog.tsx'
import { DecisionDialog } from './DecisionDialog.tsx'
import { EndLinkDialog } from './EndLinkDialog.tsx'
import { FilesDialog } from './FilesDialog.tsx'
import { LinkDialog } from './LinkDialog.tsx'
import { LinksMadeDialog } from './LinksMadeDialog.tsx'
import { SkippedDialog } from './SkippedDialog.tsx'
import { StopDialog } from './StopDialog.tsx'

/**
 * The one question that is open. It lives here and not in what asked it: that may go or be redrawn while a person still
 * reads.
 */
export function DialogHost() {
  const dialog = useUiStore((state) => state.dialog)
  if (dialog === null) return null
  switch (dialog.kind) {
    case 'link':
      return <LinkDialog question={dialog.question} onClose={closeDialog} />
    case 'files':
      return <FilesDialog files={dialog.files} onClose={closeDialog} />
    case 'links-made':
      return <LinksMadeDialog made={dialog.question} onClose={closeDialog} />
    case 'create-link':
      return <CreateLinkDialog onClose={closeDialog} />
    case 'end-link':
      return <EndLinkDialog link={dialog.link} onClose={closeDialog} />
    default:
      return <AboutFolder dialog={dialog} />
  }
}

type FolderRequest = Extract<DialogRequest, { readonly folderId: FolderId }>

function AboutFolder({ dialog }: { readonly dialog: FolderRequest }) {
  const folder = useEngineStore((state) =>
    state.snapshot?.folders.find((candidate) => candidate.folderId === dialog.folderId),
  )
  return folder === undefined ? null : <FolderDialog dialog={dialog} folder={folder} />
}

function FolderDialog({ dialog, folder }: { readonly dialog: FolderRequest; readonly folder: FolderView }) {
  switch (dialog.kind) {
    case 'stop':
      return <StopDialog folder={folder} onClose={closeDialog} />
    case 'accept-root':
      return <AcceptRootDialog folder={folder} onClose={closeDialog} />
    case 'skipped':
      return <SkippedDialog folder={folder} onClose={closeDialog} />
    case 'decide':
      return <DecisionDialog folder={folder} kind={dialog.decision} onClose={closeDialog} />
  }
}
