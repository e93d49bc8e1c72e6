import { Activity, SearchX } from 'lucide-react'
import { useMemo, useSyncExternalStore } from 'react'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { engine } from '../../client/engine-client.ts'
import { Button } from '../../components/ui/Button.tsx'
import { EmptyState } from '../../components/ui/EmptyState.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { Skeleton } from '../../components/ui/Skeleton.tsx'
import { useFolderNames } from '../../hooks/use-folder-names.ts'
import { t } from '../../i18n/texts.ts'
import { textOfError } from '../../state/actions.ts'
import { filterActivity, useActivityStore } from '../../state/activity-store.ts'
import { ActivityFilters } from './ActivityFilters.tsx'
import css from './ActivityView.module.css'
import { Timeline } from './timeline.ts'
import { TimelineList } from './TimelineList.tsx'

/** What happened, by day, newest first: all of it, or what is looked for. */
export function ActivityView({ snapshot }: { readonly snapshot: EngineSnapshot }) {
  const { folders, lastActivityId } = snapshot
  const filter = useActivityStore((state) => state.filter)
  const folderName = useFolderNames(folders)
  const timeline = useMemo(() => new Timeline(filter, (query) => engine().listActivity(query)), [filter])
  const { isLoaded, items, failure } = useSyncExternalStore(timeline.subscribe, timeline.state)
  const isEmpty = isLoaded && items === 0
  const isFiltered = filter.text !== '' || filter.folderId !== null || filter.path !== null || filter.kind !== null

  return (
    <main className={css.view} aria-label={t.views.activity}>
      <h1 className="sr-only">{t.views.activity}</h1>
      <ActivityFilters filter={filter} folders={folders} />
      {failure === null ? null : <Failure error={failure} timeline={timeline} />}
      {isLoaded || failure !== null ? null : (
        <div className={css.column}>
          <Skeleton rows={8} />
        </div>
      )}
      <p className="sr-only" role="status">
        {isEmpty && isFiltered ? t.activity.nothingTitle : ''}
      </p>
      {isEmpty ? (
        <div className={css.column}>
          <Empty isFiltered={isFiltered} />
        </div>
      ) : null}
      <TimelineList
        key={JSON.stringify(filter)}
        timeline={timeline}
        lastActivityId={lastActivityId}
        folderName={folderName}
        label={t.activity.list}
      />
    </main>
  )
}

function Empty({ isFiltered }: { readonly isFiltered: boolean }) {
  if (!isFiltered) {
    return <EmptyState icon={<Activity size={20} />} title={t.activity.emptyTitle} text={t.activity.emptyText} />
  }
  return (
    <EmptyState
      icon={<SearchX size={20} />}
      title={t.activity.nothingTitle}
      text={t.activity.nothingText}
      action={
        <Button
          onClick={() => {
            filterActivity()
          }}
        >
          {t.activity.showAll}
        </Button>
      }
    />
  )
}

function Failure({ error, timeline }: { readonly error: unknown; readonly timeline: Timeline }) {
  const { title, advice } = textOfError(error)
  return (
    <div className={css.column}>
      <Notice
        tone="wait"
        title={title}
        action={
          <Button
            onClick={() => {
              timeline.retry()
            }}
          >
            {t.tryAgain}
          </Button>
        }
      >
        {advice}
      </Notice>
    </div>
  )
}
