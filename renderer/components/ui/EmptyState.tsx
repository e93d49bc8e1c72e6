import type { ReactNode } from 'react'
import css from './EmptyState.module.css'

type EmptyStateProps = {
  readonly icon: ReactNode
  readonly title: string
  readonly text: string
  readonly action?: ReactNode
}

/** What a view says while it has nothing to show, with the next step when there is one. */
export function EmptyState({ icon, title, text, action }: EmptyStateProps) {
  return (
    <div className={css.empty}>
      <span className={css.icon}>{icon}</span>
      <h2>{title}</h2>
      <p>{text}</p>
      {action}
    </div>
  )
}
