import { FolderPlus, Plus } from 'lucide-react'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { ActivityList } from '../../components/data/ActivityList.tsx'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { ProblemCard } from '../../components/data/ProblemCard.tsx'
import { DropHint } from '../../components/drops/ChooseFiles.tsx'
import { Card, Section, View } from '../../components/layout/View.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { EmptyState } from '../../components/ui/EmptyState.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { groupProblems, isNamedInAdvice, type ProblemGroup } from '../../components/data/group-problems.ts'
import { useFolderNames } from '../../hooks/use-folder-names.ts'
import { useRecentActivity } from '../../hooks/use-recent-activity.ts'
import { t } from '../../i18n/texts.ts'
import { showView, startSetup } from '../../state/ui-store.ts'
import { FolderCard } from './FolderCard.tsx'
import { StorageSection } from './StorageSection.tsx'
import { Throughput } from './Throughput.tsx'
import css from './OverviewView.module.css'

/** More than this and the folders would be pushed out of sight; the rest is one click away. */
const MAX_PROBLEMS = 3
const RECENT_ROWS = 7

/** What needs a person, the folders, and what happened last. */
export function OverviewView({ snapshot }: { readonly snapshot: EngineSnapshot }) {
  const folderName = useFolderNames(snapshot.folders)
  const recent = useRecentActivity(snapshot.lastActivityId, RECENT_ROWS)
  const groups = groupProblems(snapshot.problems)
  const hiddenGroups = groups.length - MAX_PROBLEMS

  return (
    <View title={t.views.overview}>
      {snapshot.account.kind === 'none' ? (
        <Notice
          tone="wait"
          title={t.account.noneTitle}
          action={
            <Button
              variant="primary"
              onClick={() => {
                startSetup('reconnect')
              }}
            >
              {t.account.connect}
            </Button>
          }
        >
          {t.account.noneText}
        </Notice>
      ) : null}
      {groups.length === 0 ? null : (
        <Section
          title={t.overview.problems}
          action={
            hiddenGroups > 0 ? (
              <Button
                variant="quiet"
                onClick={() => {
                  showView('problems')
                }}
              >
                {t.overview.moreProblems(hiddenGroups)}
              </Button>
            ) : null
          }
        >
          <div className={css.stack}>
            {groups.slice(0, MAX_PROBLEMS).map((group) => (
              <ProblemCard key={group.key} group={group}>
                <FirstPath group={group} folderName={folderName} />
              </ProblemCard>
            ))}
          </div>
        </Section>
      )}

      {snapshot.status.kind === 'sending' ? (
        <Throughput values={snapshot.throughput} bytesPerSecond={snapshot.status.bytesPerSecond} />
      ) : null}

      {snapshot.folders.length === 0 ? (
        <EmptyState
          icon={<FolderPlus size={20} />}
          title={t.overview.firstFolderTitle}
          text={t.overview.firstFolderText}
          action={
            <Button variant="primary" size="large" onClick={addFolder}>
              {t.overview.addFolder}
            </Button>
          }
        />
      ) : (
        <Section title={t.overview.folders}>
          <div className={css.stack}>
            {snapshot.folders.map((folder) => (
              <FolderCard key={folder.folderId} folder={folder} />
            ))}
            <button type="button" className={css.add} onClick={addFolder}>
              <Plus size={16} aria-hidden />
              {t.overview.addFolder}
            </button>
          </div>
        </Section>
      )}

      {snapshot.account.kind === 'none' ? null : <DropHint />}
      {snapshot.folders.length === 0 ? null : <StorageSection storage={snapshot.storage} />}

      {recent.length === 0 ? null : (
        <Section
          title={t.overview.recent}
          action={
            <Button
              variant="quiet"
              onClick={() => {
                showView('activity')
              }}
            >
              {t.overview.allActivity}
            </Button>
          }
        >
          <Card>
            <ActivityList rows={recent} folderName={folderName} label={t.overview.recent} />
          </Card>
        </Section>
      )}
    </View>
  )
}

type FirstPathProps = { readonly group: ProblemGroup; readonly folderName: ReturnType<typeof useFolderNames> }

/** Which file or folder it is about, or the first of several; all of them are in Problems. */
function FirstPath({ group, folderName }: FirstPathProps) {
  const [first] = group.problems
  if (first === undefined || (first.folderId ?? first.path) === null || isNamedInAdvice(group)) return null
  const path = [first.folderId === null ? null : folderName(first.folderId), first.path]
    .filter((part) => part != null)
    .join('/')
  return (
    <p className={css.firstPath}>
      <PathLabel text={path} />
      {group.problems.length > 1 ? <span>{t.overview.moreFiles(group.problems.length - 1)}</span> : null}
    </p>
  )
}

function addFolder(): void {
  startSetup('add-folder')
}
