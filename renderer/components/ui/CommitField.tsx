import { useId, useState, type KeyboardEvent } from 'react'
import css from './CommitField.module.css'

type CommitFieldProps = {
  readonly value: string
  /** False for what cannot be taken: it stays, and is marked, until it is put right. */
  readonly isGood: (text: string) => boolean
  /** Resolves once `value` says the same, or is known to stay as it was. */
  readonly onCommit: (text: string) => Promise<unknown>
  /** What is expected, for who typed something else. */
  readonly wrong: string
  readonly unit?: string
  readonly placeholder?: string
  /** For words, which are longer than numbers and begin at the left. */
  readonly isText?: boolean
  readonly 'aria-label'?: string
  readonly 'aria-labelledby'?: string
  readonly 'aria-describedby'?: string
}

/** A value that is typed: it counts on Enter, or when one goes on; Escape brings the old one back. */
export function CommitField(props: CommitFieldProps) {
  const { value, isGood, onCommit, wrong, unit, isText = false, ...rest } = props
  const [draft, setDraft] = useState<string | null>(null)
  const id = useId()
  const text = draft ?? value
  const isWrong = !isGood(text.trim())

  function commit(): void {
    if (draft === null || isWrong) return
    if (draft.trim() === value) setDraft(null)
    else {
      void onCommit(draft.trim()).then(() => {
        setDraft(null)
      })
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter') commit()
    if (event.key === 'Escape') setDraft(null)
  }

  return (
    <span className={css.field}>
      <span className={css.box} data-text={isText ? '' : undefined} data-invalid={isWrong ? '' : undefined}>
        <input
          {...rest}
          className={css.input}
          autoComplete="off"
          spellCheck={false}
          value={text}
          aria-invalid={isWrong ? true : undefined}
          aria-errormessage={isWrong ? id : undefined}
          onChange={(event) => {
            setDraft(event.target.value)
          }}
          onBlur={commit}
          onKeyDown={onKeyDown}
        />
        {unit === undefined ? null : <span className={css.unit}>{unit}</span>}
      </span>
      {isWrong ? (
        <span id={id} className={css.wrong} role="alert">
          {wrong}
        </span>
      ) : null}
    </span>
  )
}
