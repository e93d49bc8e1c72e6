import { useId, type ComponentProps, type ReactNode } from 'react'
import css from './TextField.module.css'

type TextFieldProps = Omit<ComponentProps<'input'>, 'className' | 'id'> & {
  readonly label: string
  readonly hint?: ReactNode
  /** What is wrong with what was typed; takes the hint's place. */
  readonly error?: string | null
  /** What the field begins with and nobody can change. */
  readonly leading?: string
  /** A control inside the field at its end. */
  readonly trailing?: ReactNode
}

/** A labelled text field. Never spell-checked or completed: Pail asks for names and keys, not prose. */
export function TextField({ label, hint, error, leading, trailing, ...rest }: TextFieldProps) {
  const id = useId()
  const note = error ?? hint
  return (
    <div className={css.field}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      <div className={css.box} data-invalid={error ? '' : undefined}>
        {leading ? <span className={css.leading}>{leading}</span> : null}
        <input
          autoCapitalize="off"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          {...rest}
          id={id}
          className={css.input}
          aria-invalid={error ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
        />
        {trailing}
      </div>
      {note ? (
        <p id={`${id}-note`} className={css.note} data-invalid={error ? '' : undefined}>
          {note}
        </p>
      ) : null}
    </div>
  )
}
