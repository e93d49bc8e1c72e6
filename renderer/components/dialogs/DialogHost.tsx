import type { DialogRequest } from '../../state/ui-store.ts'
import type { FolderView } from '../../../shared/model/folder.ts'
import { useEngineStore } from '../../state/engine-store.ts'
import { closeDialog, useUiStore } from '../../state/ui-store.ts'
import { AcceptRootDialog } from './AcceptRootDialog.tsx'
import { DecisionDialog } from './DecisionDialog.tsx'
import { SkippedDialog } from './SkippedDialog.tsx'
import { StopDialog } from './StopDialog.tsx'

/**
 * The one question about a folder that is open. It lives here and not in the card that asked it: the card may go or be
 * redrawn while a person still reads.
 */
export function DialogHost() {
  const dialog = useUiStore((state) => state.dialog)
  const folder = useEngineStore((state) =>
    state.snapshot?.folders.find((candidate) => candidate.folderId === dialog?.folderId),
  )
  return dialog === null || folder === undefined ? null : <FolderDialog dialog={dialog} folder={folder} />
}

function FolderDialog({ dialog, folder }: { readonly dialog: DialogRequest; readonly folder: FolderView }) {
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
