import { X } from 'lucide-react'
import { Button } from '../../components/ui/Button.tsx'
import { IconButton } from '../../components/ui/IconButton.tsx'
import { t } from '../../i18n/texts.ts'
import type { RowAction } from './rows.ts'
import css from './TransfersView.module.css'

type SelectionBarProps = {
  readonly count: number
  readonly actions: readonly RowAction[]
  readonly onAct: (action: RowAction) => void
  readonly onClear: () => void
}

/** What can be done with all that is chosen, once. */
export function SelectionBar({ count, actions, onAct, onClear }: SelectionBarProps) {
  const words = t.transfers
  return (
    <div className={css.bar} role="toolbar" data-bar-below aria-label={words.selected(count)}>
      <span className={css.selected}>{words.selected(count)}</span>
      {actions.map((action) => (
        <Button
          key={action}
          onClick={() => {
            onAct(action)
          }}
        >
          {action === 'copyLink' && count > 1 ? words.actions.copyLinks : words.actions[action]}
        </Button>
      ))}
      <span className={css.last}>
        <IconButton label={words.clearSelection} icon={<X size={14} />} onClick={onClear} />
      </span>
    </div>
  )
}
