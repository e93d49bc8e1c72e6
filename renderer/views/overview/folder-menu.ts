/** What can be done with one sync folder, as a native menu. */
import type { FolderView } from '../../../shared/model/folder.ts'
import type { MenuEntry } from '../../client/native-menu.ts'
import { pauseMenu } from '../../components/data/pause-menu.ts'
import { t } from '../../i18n/texts.ts'
import { checkNow, resume, showInFolder } from '../../state/actions.ts'
import { openDialog } from '../../state/ui-store.ts'

/** What waits for an answer comes first, what ends the syncing last. */
export function folderMenu({ folderId, pause, decisions }: FolderView): readonly MenuEntry[] {
  const questions = decisions.map(({ kind, files }) => ({
    id: `decide-${kind}`,
    label: `${t.overview.decide(kind, files)}...`,
    run: () => {
      openDialog({ kind: 'decide', folderId, decision: kind })
    },
  }))
  return [
    ...questions,
    ...(questions.length === 0 ? [] : ['separator' as const]),
    { id: 'open', label: t.overview.openFolder, run: () => showInFolder(folderId) },
    { id: 'check', label: t.overview.checkNow, run: () => checkNow(folderId) },
    pause === null
      ? { id: 'pause', label: t.overview.pauseFolder, items: pauseMenu(folderId) }
      : { id: 'resume', label: t.overview.resumeFolder, run: () => resume(folderId) },
    {
      id: 'not-sent',
      label: `${t.overview.notSent}...`,
      run: () => {
        openDialog({ kind: 'skipped', folderId })
      },
    },
    'separator',
    {
      id: 'stop',
      label: `${t.overview.stop}...`,
      run: () => {
        openDialog({ kind: 'stop', folderId })
      },
    },
  ]
}
