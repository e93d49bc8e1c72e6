import { CircleCheck, FolderSearch } from 'lucide-react'
import { useState } from 'react'
import { formatMoment, formatUntil } from '../../../shared/format/moment.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import type { Problem } from '../../../shared/model/problem.ts'
import { groupProblems, isNamedInAdvice, type ProblemGroup } from '../../components/data/group-problems.ts'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { ProblemCard } from '../../components/data/ProblemCard.tsx'
import { View } from '../../components/layout/View.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { EmptyState } from '../../components/ui/EmptyState.tsx'
import { IconButton } from '../../components/ui/IconButton.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { useFolderNames } from '../../hooks/use-folder-names.ts'
import { t } from '../../i18n/texts.ts'
import { showInFolder } from '../../state/actions.ts'
import css from './ProblemsView.module.css'

/** So many paths show what it is about; the rest on request. */
const FIRST_PATHS = 5

/** Everything that waits for a person, by cause, with what to do. What is solved disappears by itself. */
export function ProblemsView({ snapshot }: { readonly snapshot: EngineSnapshot }) {
  const folderName = useFolderNames(snapshot.folders)
  const groups = groupProblems(snapshot.problems)
  const notListed = snapshot.problemCount - snapshot.problems.length
  return (
    <View title={t.views.problems}>
      {groups.length === 0 ? (
        <EmptyState icon={<CircleCheck size={20} />} title={t.problems.emptyTitle} text={t.problems.emptyText} />
      ) : (
        <div className={css.groups}>
          {groups.map((group) => (
            <ProblemCard key={group.key} group={group}>
              <Paths group={group} folderName={folderName} />
            </ProblemCard>
          ))}
        </div>
      )}
      {notListed > 0 ? <p className={css.notListed}>{t.problems.notListed(notListed)}</p> : null}
    </View>
  )
}

type PathsProps = { readonly group: ProblemGroup; readonly folderName: ReturnType<typeof useFolderNames> }

function Paths({ group, folderName }: PathsProps) {
  const [isOpen, setIsOpen] = useState(false)
  const placed = isNamedInAdvice(group)
    ? []
    : group.problems.filter((problem) => problem.folderId !== null || problem.path !== null)
  const shown = isOpen ? placed : placed.slice(0, FIRST_PATHS)
  if (placed.length === 0) return null
  return (
    <>
      <ul className={css.paths}>
        {shown.map((problem) => (
          <PathRow key={problem.problemId} problem={problem} folder={folderName} />
        ))}
      </ul>
      {placed.length > shown.length ? (
        <Button
          variant="quiet"
          onClick={() => {
            setIsOpen(true)
          }}
        >
          {t.problems.more(placed.length - shown.length)}
        </Button>
      ) : null}
    </>
  )
}

function PathRow({ problem, folder }: { readonly problem: Problem; readonly folder: PathsProps['folderName'] }) {
  const { folderId, path } = problem
  const now = useNow()
  const folderName = folderId === null ? null : folder(folderId)
  const text = [folderName, path].filter((part) => part !== null && part !== undefined).join('/')
  return (
    <li className={css.path}>
      <PathLabel text={text} />
      <time className={css.since} title={formatMoment(new Date(problem.since))}>
        {t.problems.since(formatUntil(problem.since, now))}
      </time>
      {/* What was dropped on the window is in no sync folder. */}
      {folderId === null ? null : (
        <IconButton
          label={t.problems.show}
          fullLabel={t.transfers.action(t.problems.show, text)}
          icon={<FolderSearch size={14} />}
          onClick={() => void showInFolder(folderId, path ?? undefined)}
        />
      )}
    </li>
  )
}
