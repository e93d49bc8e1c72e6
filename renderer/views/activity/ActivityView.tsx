import { Activity } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { ActivityList } from '../../components/data/ActivityList.tsx'
import { groupByDay } from '../../components/data/activity-rows.ts'
import { Card, Section, View } from '../../components/layout/View.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { EmptyState } from '../../components/ui/EmptyState.tsx'
import { Skeleton } from '../../components/ui/Skeleton.tsx'
import { formatDay } from '../../format/moment.ts'
import { useActivity } from '../../hooks/use-activity.ts'
import { useFolderNames } from '../../hooks/use-folder-names.ts'
import { useNow } from '../../hooks/use-now.ts'
import { t } from '../../i18n/texts.ts'

const PAGE_SIZE = 100

/** What happened, by day, newest first; older pages come as one scrolls. */
export function ActivityView({ snapshot }: { readonly snapshot: EngineSnapshot }) {
  const now = useNow()
  const folderName = useFolderNames(snapshot.folders)
  const { rows, isLoaded, hasMore, loadMore } = useActivity(snapshot.lastActivityId, PAGE_SIZE)

  return (
    <View title={t.views.activity}>
      {isLoaded ? null : <Skeleton rows={8} />}
      {isLoaded && rows.length === 0 ? (
        <EmptyState icon={<Activity size={20} />} title={t.activity.emptyTitle} text={t.activity.emptyText} />
      ) : null}
      {groupByDay(rows).map(({ day, rows: rowsOfDay }) => {
        const title = formatDay(new Date(rowsOfDay[0]?.at ?? now), new Date(now))
        return (
          <Section key={day} title={title}>
            <Card>
              <ActivityList rows={rowsOfDay} folderName={folderName} label={title} />
            </Card>
          </Section>
        )
      })}
      {hasMore ? <OlderRows onReached={loadMore} /> : null}
    </View>
  )
}

/** Loads the next page when it comes near the lower edge, or when it is pressed. */
function OlderRows({ onReached }: { readonly onReached: () => void }) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = ref.current
    if (element === null) return
    const observer = new IntersectionObserver(
      (seen) => {
        if (seen.some((entry) => entry.isIntersecting)) onReached()
      },
      { rootMargin: '400px' },
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, [onReached])
  return (
    <div ref={ref}>
      <Button variant="quiet" onClick={onReached}>
        {t.activity.loadMore}
      </Button>
    </div>
  )
}
