import { Tooltip as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import css from './Tooltip.module.css'

type TooltipProps = { readonly label: string; readonly isEnabled: boolean; readonly children: ReactNode }

/** A word beside a control that shows only an icon. Around the window there is one `TooltipProvider`. */
export function Tooltip({ label, isEnabled, children }: TooltipProps) {
  if (!isEnabled) return children
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={css.tooltip} side="right" sideOffset={6}>
          {label}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

export function TooltipProvider({ children }: { readonly children: ReactNode }) {
  return <Radix.Provider delayDuration={300}>{children}</Radix.Provider>
}
