import { HardDrive } from 'lucide-react'
import { formatBytes } from '../../../shared/format/bytes.ts'
import { storedBytes, type Storage } from '../../../shared/model/storage.ts'
import { t } from '../../i18n/texts.ts'
import { useEngineStore } from '../../state/engine-store.ts'
import { showView } from '../../state/ui-store.ts'
import { StorageBar } from '../data/StorageBar.tsx'
import { Tooltip } from '../ui/Tooltip.tsx'
import css from './StorageLine.module.css'

/** How much is stored, of the limit where there is one; leads to where it is told in full. Nothing while nothing is stored. */
export function StorageLine({ isNarrow }: { readonly isNarrow: boolean }) {
  const storage = useEngineStore((state) => state.snapshot?.storage)
  if (storage === undefined || (storedBytes(storage) === 0 && storage.capBytes === null)) return null
  const words = wordsFor(storage)
  return (
    <Tooltip label={words} isEnabled={isNarrow}>
      <button
        type="button"
        className={css.line}
        aria-label={`${t.storage.title}: ${words}`}
        onClick={() => {
          showView('overview')
          // Once it is drawn.
          requestAnimationFrame(() => {
            document.getElementById('storage')?.scrollIntoView({ block: 'nearest' })
          })
        }}
      >
        <HardDrive size={16} className={css.icon} aria-hidden />
        <span className={css.words} data-above={isAbove(storage) ? '' : undefined}>
          {words}
        </span>
        {storage.capBytes === null ? null : (
          <span className={css.bar}>
            <StorageBar storage={storage} label={words} />
          </span>
        )}
      </button>
    </Tooltip>
  )
}

/** `2.4 of 10 GB`: there is little room, so the unit is said once. */
function wordsFor(storage: Storage): string {
  const stored = formatBytes(storedBytes(storage))
  if (storage.capBytes === null) return `${stored} ${t.storage.inB2}`
  const cap = formatBytes(storage.capBytes)
  const unit = cap.slice(cap.lastIndexOf(' '))
  return t.storage.of(stored.endsWith(unit) ? stored.slice(0, -unit.length) : stored, cap)
}

function isAbove(storage: Storage): boolean {
  return storage.capBytes !== null && storedBytes(storage) > storage.capBytes
}
