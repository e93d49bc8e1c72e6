import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { cx } from './cx.ts'
import css from './Notice.module.css'

type NoticeProps = {
  /** `danger` needs a person before anything goes on, `wait` is a warning, `info` is neither. */
  readonly tone: 'danger' | 'wait' | 'info'
  readonly title: string
  readonly children?: ReactNode
  /** Stands below both the sentence and the button, as wide as them. */
  readonly details?: ReactNode
  readonly action?: ReactNode
  readonly role?: 'alert' | 'note'
}

const icons = { danger: CircleAlert, wait: TriangleAlert, info: Info } as const

/** A heading, a sentence and at most one button about something that a person has to know. */
export function Notice({ tone, title, children, details, action, role = 'note' }: NoticeProps) {
  const Icon = icons[tone]
  const ref = useRef<HTMLDivElement>(null)

  // An answer to what was just done must not stay below the edge of a small window.
  useEffect(() => {
    if (role === 'alert') ref.current?.scrollIntoView({ block: 'nearest' })
  }, [role])

  return (
    <div ref={ref} className={cx(css.notice, css[tone])} role={role}>
      <Icon size={16} className={css.icon} aria-hidden />
      <div className={css.text}>
        <p className={css.title}>{title}</p>
        {children ? <div className={css.advice}>{children}</div> : null}
      </div>
      {action ? <div className={css.action}>{action}</div> : null}
      {details ? <div className={css.details}>{details}</div> : null}
    </div>
  )
}
