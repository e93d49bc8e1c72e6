import { useState, type ReactNode } from 'react'
import { problemText } from '../../../shared/text/problem-text.ts'
import { shell } from '../../client/shell-client.ts'
import { remedies, t, type Remedy } from '../../i18n/en.ts'
import { attempt, checkNow } from '../../state/actions.ts'
import { useEngineStore } from '../../state/engine-store.ts'
import { startSetup } from '../../state/ui-store.ts'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import type { ProblemGroup } from './group-problems.ts'
import { StopDialog } from './StopDialog.tsx'

type ProblemCardProps = { readonly group: ProblemGroup; readonly children?: ReactNode }

/** One cause: what it is, how many files or folders it concerns, what to do, and the button that does it. */
export function ProblemCard({ group, children }: ProblemCardProps) {
  const { title, advice } = problemText(group.code, group.details)
  const [isStopping, setIsStopping] = useState(false)
  const folderId = group.problems[0]?.folderId
  const folder = useEngineStore((state) => state.snapshot?.folders.find((known) => known.folderId === folderId))
  const known = remedies[group.code] ?? 'check'
  // Only a folder can be stopped: without one the sentence alone has to do.
  const remedy = known === 'stop' && folder === undefined ? 'check' : known
  return (
    <Notice
      tone={group.passesByItself ? 'wait' : 'danger'}
      title={[title, concerned(group)].filter((part) => part !== '').join(' · ')}
      action={
        <Button
          onClick={() => {
            if (remedy === 'stop') setIsStopping(true)
            else apply(remedy, group)
          }}
        >
          {t.problems.remedies[remedy]}
        </Button>
      }
    >
      <p>{advice}</p>
      {children}
      {folder === undefined ? null : (
        <StopDialog
          folder={folder}
          isOpen={isStopping}
          onClose={() => {
            setIsStopping(false)
          }}
        />
      )}
    </Notice>
  )
}

function concerned({ problems }: ProblemGroup): string {
  if (problems[0]?.scope === 'file') return t.problems.files(problems.length)
  if (problems[0]?.scope === 'folder' && problems.length > 1) return t.problems.folders(problems.length)
  return ''
}

function apply(remedy: Exclude<Remedy, 'stop'>, group: ProblemGroup): void {
  switch (remedy) {
    case 'reconnect':
      startSetup('reconnect')
      return
    case 'caps':
      void attempt(() => shell.openHelp({ topic: 'caps' }))
      return
    case 'check': {
      const folderIds = new Set(group.problems.map((problem) => problem.folderId))
      const [only] = folderIds
      void checkNow(folderIds.size === 1 && only !== null ? only : undefined)
    }
  }
}
