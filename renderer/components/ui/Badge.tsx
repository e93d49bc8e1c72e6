import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import css from './Badge.module.css'

type BadgeProps = { readonly tone?: 'plain' | 'wait' | 'danger'; readonly id?: string; readonly children: ReactNode }

/** A word or a number in a small rounded box. */
export function Badge({ tone = 'plain', id, children }: BadgeProps) {
  return (
    <span id={id} className={cx(css.badge, css[tone])}>
      {children}
    </span>
  )
}
