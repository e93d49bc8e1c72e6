import type { Storage } from '../../../shared/model/storage.ts'
import css from './StorageBar.module.css'

type StorageBarProps = {
  readonly storage: Storage
  /** What it says, for assistive technology. */
  readonly label: string
}

/** What is stored, kind by kind: as a part of the limit, or of itself where there is none. */
export function StorageBar({ storage, label }: StorageBarProps) {
  const { current, old, unfinished, capBytes } = storage
  const stored = current.bytes + old.bytes + unfinished.bytes
  const whole = Math.max(stored, capBytes ?? 0, 1)
  const parts = [
    { kind: 'current', bytes: current.bytes },
    { kind: 'old', bytes: old.bytes },
    { kind: 'unfinished', bytes: unfinished.bytes },
  ]
  return (
    <div className={css.bar} role="img" aria-label={label}>
      {parts.map(({ kind, bytes }) => (
        <span key={kind} className={css.part} data-kind={kind} style={{ width: `${(100 * bytes) / whole}%` }} />
      ))}
      {capBytes !== null && stored > capBytes ? (
        <span className={css.limit} style={{ left: `${(100 * capBytes) / whole}%` }} />
      ) : null}
    </div>
  )
}
