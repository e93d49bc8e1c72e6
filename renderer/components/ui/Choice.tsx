import { ToggleGroup } from 'radix-ui'
import type { ReactNode } from 'react'
import css from './Choice.module.css'

type ChoiceProps<T extends string> = {
  /** What is chosen, for assistive technology. */
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly label: ReactNode }[]
  readonly onValue: (value: T) => void
}

/** One of a few, side by side; the arrow keys go from one to the next. */
export function Choice<T extends string>({ label, value, options, onValue }: ChoiceProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      className={css.group}
      aria-label={label}
      value={value}
      onValueChange={(chosen) => {
        // Pressing what is chosen would leave nothing chosen.
        const found = options.find((option) => option.value === chosen)
        if (found !== undefined) onValue(found.value)
      }}
    >
      {options.map((option) => (
        <ToggleGroup.Item key={option.value} value={option.value} className={css.item}>
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}
