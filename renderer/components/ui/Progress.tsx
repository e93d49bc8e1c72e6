import { Progress as Radix } from 'radix-ui'
import css from './Progress.module.css'

type ProgressProps = {
  /** What makes progress, for assistive technology. */
  readonly label: string
  readonly done: number
  /** 0 when it is not known. */
  readonly total: number
}

/** A thin bar that glides to where it should be. */
export function Progress({ label, done, total }: ProgressProps) {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0
  return (
    <Radix.Root className={css.track} aria-label={label} value={Math.round(share * 100)} max={100}>
      <Radix.Indicator className={css.bar} style={{ transform: `scaleX(${share})` }} />
    </Radix.Root>
  )
}
