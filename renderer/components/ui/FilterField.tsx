import { Search, X } from 'lucide-react'
import type { ComponentProps, KeyboardEvent } from 'react'
import css from './FilterField.module.css'
import { IconButton } from './IconButton.tsx'

type FilterFieldProps = Omit<ComponentProps<'input'>, 'className' | 'onChange' | 'value' | 'type'> & {
  readonly label: string
  readonly clearLabel: string
  readonly value: string
  readonly onValue: (value: string) => void
}

/** A field that narrows a list to what contains the text; Escape empties it. */
export function FilterField({ label, clearLabel, value, onValue, ...rest }: FilterFieldProps) {
  function clearOnEscape(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || value === '') return
    event.stopPropagation()
    onValue('')
  }
  return (
    <div className={css.box} role="search">
      <Search size={14} className={css.icon} aria-hidden />
      <input
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        {...rest}
        className={css.input}
        type="text"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => {
          onValue(event.target.value)
        }}
        onKeyDown={clearOnEscape}
      />
      {value === '' ? null : (
        <IconButton
          label={clearLabel}
          icon={<X size={14} />}
          onClick={() => {
            onValue('')
          }}
        />
      )}
    </div>
  )
}
