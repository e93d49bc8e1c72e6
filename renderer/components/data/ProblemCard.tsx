import type { ReactNode } from 'react'
import type { Decision } from '../../../shared/model/decision.ts'
import type { FolderView } from '../../../shared/model/folder.ts'
import { problemText } from '../../../shared/text/problem-text.ts'
import { shell } from '../../client/shell-client.ts'
import { t } from '../../i18n/texts.ts'
import { attempt, checkNow } from '../../state/actions.ts'
import { useEngineStore } from '../../state/engine-store.ts'
import { openDialog, showSettings, showView, startSetup } from '../../state/ui-store.ts'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { decisionKindOf, type ProblemGroup } from './group-problems.ts'
import { remedies, type Remedy } from './remedies.ts'

type ProblemCardProps = { readonly group: ProblemGroup; readonly children?: ReactNode }

/** One cause: what it is, how many files or folders it concerns, what to do, and the button that does it. */
export function ProblemCard({ group, children }: ProblemCardProps) {
  const { title, advice } = problemText(group.code, group.details)
  const folderId = group.problems[0]?.folderId
  const folder = useEngineStore((state) => state.snapshot?.folders.find((known) => known.folderId === folderId))
  const decision = folder?.decisions.find(({ kind }) => kind === decisionKindOf(group.code))
  const remedy = remedyFor(group, folder, decision)
  return (
    <Notice
      tone={group.passesByItself ? 'wait' : 'danger'}
      title={[title, concerned(group, decision)].filter((part) => part !== '').join(' · ')}
      action={
        <Button
          onClick={() => {
            apply(remedy, group, folder, decision)
          }}
        >
          {t.problems.remedies[remedy]}
        </Button>
      }
      details={children}
    >
      <p>{advice}</p>
    </Notice>
  )
}

/** Without a folder, or when there is nothing to decide yet, looking once more is all that can be done. */
function remedyFor({ code }: ProblemGroup, folder?: FolderView, decision?: Decision): Remedy {
  const remedy = remedies[code] ?? 'check'
  const isAboutFolder = remedy === 'stop' || remedy === 'acceptRoot'
  if (isAboutFolder && folder === undefined) return 'check'
  return remedy === 'decide' && decision === undefined ? 'check' : remedy
}

function concerned({ problems }: ProblemGroup, decision?: Decision): string {
  // The list of problems is cut after a hundred; a decision knows them all.
  if (problems[0]?.scope === 'file') return t.problems.files(Math.max(problems.length, decision?.files ?? 0))
  if (problems[0]?.scope === 'folder' && problems.length > 1) return t.problems.folders(problems.length)
  return ''
}

function apply(remedy: Remedy, group: ProblemGroup, folder?: FolderView, decision?: Decision): void {
  switch (remedy) {
    case 'reconnect':
      startSetup('reconnect')
      return
    case 'caps':
      void attempt(() => shell.openHelp({ topic: 'caps' }))
      return
    case 'decide':
      if (folder !== undefined && decision !== undefined) {
        openDialog({ kind: 'decide', folderId: folder.folderId, decision: decision.kind })
      }
      return
    case 'stop':
      if (folder !== undefined) openDialog({ kind: 'stop', folderId: folder.folderId })
      return
    case 'acceptRoot':
      if (folder !== undefined) openDialog({ kind: 'accept-root', folderId: folder.folderId })
      return
    case 'links':
      showView('links')
      return
    case 'proxy':
      showSettings('proxy')
      return
    case 'check': {
      const folderIds = new Set(group.problems.map((problem) => problem.folderId))
      const [only] = folderIds
      void checkNow(folderIds.size === 1 && only !== null ? only : undefined)
    }
  }
}
