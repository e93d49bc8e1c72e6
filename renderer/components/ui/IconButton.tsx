import type { ComponentProps, ReactNode } from 'react'
import css from './IconButton.module.css'

type IconButtonProps = Omit<ComponentProps<'button'>, 'className' | 'children'> & {
  /** What it does, for the tooltip and for assistive technology. */
  readonly label: string
  /** What it does to which thing, where the tooltip's words alone are not unique. */
  readonly fullLabel?: string
  readonly icon: ReactNode
}

/** A small square button with an icon; its label shows on hover. */
export function IconButton({ label, fullLabel, icon, ...rest }: IconButtonProps) {
  return (
    <button type="button" {...rest} className={css.button} aria-label={fullLabel ?? label} title={label}>
      {icon}
    </button>
  )
}
