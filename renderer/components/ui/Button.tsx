import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'
import css from './Button.module.css'

type ButtonProps = Omit<ComponentProps<'button'>, 'className'> & {
  readonly variant?: 'primary' | 'plain' | 'quiet' | 'danger'
  readonly size?: 'normal' | 'large'
  readonly icon?: ReactNode
  /** The work it started is under way: it cannot be pressed again and keeps its place and its focus. */
  readonly isBusy?: boolean
}

/** A button with a label. The label says what happens; one `primary` a screen. */
export function Button({ variant = 'plain', size = 'normal', icon, isBusy, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={cx(css.button, css[variant], css[size])}
      aria-disabled={isBusy === true ? true : undefined}
      aria-busy={isBusy === true ? true : undefined}
      onClick={(event) => {
        if (isBusy === true) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {icon}
      <span>{children}</span>
    </button>
  )
}
