import { Activity, ArrowUpDown, LayoutList, Link2, Settings, TriangleAlert, type LucideIcon } from 'lucide-react'
import { t } from '../../i18n/texts.ts'
import { showView, useUiStore, type ViewName } from '../../state/ui-store.ts'
import { useMediaQuery } from '../../hooks/use-media-query.ts'
import { Badge } from '../ui/Badge.tsx'
import { Tooltip } from '../ui/Tooltip.tsx'
import { AccountLine } from './AccountLine.tsx'
import css from './Rail.module.css'
import { StorageLine } from './StorageLine.tsx'

const entries: readonly { readonly view: ViewName; readonly icon: LucideIcon }[] = [
  { view: 'overview', icon: LayoutList },
  { view: 'transfers', icon: ArrowUpDown },
  { view: 'activity', icon: Activity },
  { view: 'links', icon: Link2 },
  { view: 'problems', icon: TriangleAlert },
  { view: 'settings', icon: Settings },
]

/** How many things in a view are to be looked at. */
export type RailCounts = { readonly problems: number; readonly links: number }

/** Problems need a person; links wait for one. */
const tones = { problems: 'danger', links: 'wait' } as const

/** The views, and below them how B2 is and how much it holds. In a narrow window the words give way to tooltips. */
export function Rail({ counts }: { readonly counts: RailCounts }) {
  const current = useUiStore((state) => state.view)
  const isNarrow = useMediaQuery('(max-width: 759px)')
  return (
    <div className={css.rail}>
      <nav aria-label={t.mainNavigation} className={css.nav}>
        {entries.map(({ view, icon: Icon }) => (
          <Tooltip key={view} label={t.views[view]} isEnabled={isNarrow}>
            <button
              type="button"
              className={css.entry}
              data-view={view}
              aria-current={current === view ? 'page' : undefined}
              onClick={() => {
                showView(view)
              }}
            >
              <Icon size={16} aria-hidden />
              <span className={css.word}>{t.views[view]}</span>
              {view === 'problems' || view === 'links' ? <Count count={counts[view]} tone={tones[view]} /> : null}
            </button>
          </Tooltip>
        ))}
      </nav>
      <div className={css.foot}>
        <AccountLine isNarrow={isNarrow} />
        <StorageLine isNarrow={isNarrow} />
      </div>
    </div>
  )
}

function Count({ count, tone }: { readonly count: number; readonly tone: 'wait' | 'danger' }) {
  if (count === 0) return null
  return (
    <span className={css.count} data-tone={tone}>
      <Badge tone={tone}>{count > 99 ? '99+' : count}</Badge>
    </span>
  )
}
