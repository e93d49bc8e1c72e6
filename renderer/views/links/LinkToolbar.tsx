import { Plus } from 'lucide-react'
import { formatNumber } from '../../../shared/format/count.ts'
import type { LinkCounts, LinkQuery } from '../../../shared/model/link.ts'
import { Button } from '../../components/ui/Button.tsx'
import { Choice } from '../../components/ui/Choice.tsx'
import { FilterField } from '../../components/ui/FilterField.tsx'
import { t } from '../../i18n/texts.ts'
import { openDialog } from '../../state/ui-store.ts'
import css from './LinksView.module.css'

const SHOWN = ['active', 'expires-soon', 'over'] as const satisfies readonly LinkQuery['which'][]

type LinkToolbarProps = {
  readonly counts: LinkCounts
  readonly which: LinkQuery['which']
  readonly onWhich: (which: LinkQuery['which']) => void
  /** Only which links are shown. */
  readonly isShort: boolean
  readonly text: string
  readonly onText: (text: string) => void
}

/** Narrows the list, and makes another link. */
export function LinkToolbar({ counts, which, onWhich, isShort, text, onText }: LinkToolbarProps) {
  const words = t.linksView
  return (
    <div className={css.toolbar}>
      {isShort ? null : (
        <div className={css.fields}>
          <FilterField
            label={words.filter}
            clearLabel={words.clearFilter}
            value={text}
            onValue={onText}
            maxLength={200}
          />
          <Button
            variant="primary"
            icon={<Plus size={14} aria-hidden />}
            onClick={() => {
              openDialog({ kind: 'create-link' })
            }}
          >
            {words.create}
          </Button>
        </div>
      )}
      <Choice
        label={words.shownLabel}
        value={which}
        options={SHOWN.map((value) => ({ value, label: <Shown which={value} counts={counts} /> }))}
        onValue={onWhich}
      />
    </div>
  )
}

function Shown({ which, counts }: { readonly which: LinkQuery['which']; readonly counts: LinkCounts }) {
  const count = which === 'active' ? counts.active : which === 'expires-soon' ? counts.expiresSoon : 0
  return (
    <>
      {t.linksView.shown[which]}
      {count === 0 ? null : (
        <span className={css.count} data-waiting={which === 'expires-soon' ? '' : undefined}>
          {formatNumber(count)}
        </span>
      )}
    </>
  )
}
