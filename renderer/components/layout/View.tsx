import type { ReactNode } from 'react'
import { formatNumber } from '../../../shared/format/count.ts'
import css from './View.module.css'

type ViewProps = {
  readonly title: string
  /** What is in it fills the height and scrolls by itself. */
  readonly isFilled?: boolean
  readonly children: ReactNode
}

/** The scrolling area of one view. Its heading is for assistive technology: the rail shows where one is. */
export function View({ title, isFilled = false, children }: ViewProps) {
  return (
    // Reached by Tab, so that the keyboard can scroll where nothing else takes the focus.
    <main className={css.view} aria-label={title} tabIndex={isFilled ? undefined : 0}>
      <h1 className="sr-only">{title}</h1>
      <div className={isFilled ? css.filled : css.column}>{children}</div>
    </main>
  )
}

type SectionProps = {
  readonly title: string
  readonly count?: number
  readonly action?: ReactNode
  readonly children: ReactNode
}

/** A heading with an optional count and a control at its end, and what belongs to it. */
export function Section({ title, count, action, children }: SectionProps) {
  return (
    <section className={css.section} aria-label={title}>
      <div className={css.heading}>
        <h2>{title}</h2>
        {count === undefined ? null : <span className={css.count}>{formatNumber(count)}</span>}
        <span className={css.action}>{action}</span>
      </div>
      {children}
    </section>
  )
}

/** A raised box with a hairline around it. */
export function Card({ children }: { readonly children: ReactNode }) {
  return <div className={css.card}>{children}</div>
}
