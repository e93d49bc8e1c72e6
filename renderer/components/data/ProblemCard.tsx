import type { ReactNode } from 'react'
import { problemText } from '../../../shared/text/problem-text.ts'
import { shell } from '../../client/shell-client.ts'
import { remedies, t, type Remedy } from '../../i18n/en.ts'
import { attempt, checkNow } from '../../state/actions.ts'
import { startSetup } from '../../state/ui-store.ts'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import type { ProblemGroup } from './group-problems.ts'

type ProblemCardProps = { readonly group: ProblemGroup; readonly children?: ReactNode }

/** One cause: what it is, how many files or folders it concerns, what to do, and the button that does it. */
export function ProblemCard({ group, children }: ProblemCardProps) {
  const { title, advice } = problemText(group.code, group.details)
  const remedy = remedies[group.code] ?? 'check'
  return (
    <Notice
      tone={group.passesByItself ? 'wait' : 'danger'}
      title={[title, concerned(group)].filter((part) => part !== '').join(' · ')}
      action={
        <Button
          onClick={() => {
            apply(remedy, group)
          }}
        >
          {t.problems.remedies[remedy]}
        </Button>
      }
    >
      <p>{advice}</p>
      {children}
    </Notice>
  )
}

function concerned({ problems }: ProblemGroup): string {
  if (problems[0]?.scope === 'file') return t.problems.files(problems.length)
  if (problems[0]?.scope === 'folder' && problems.length > 1) return t.problems.folders(problems.length)
  return ''
}

function apply(remedy: Remedy, group: ProblemGroup): void {
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
