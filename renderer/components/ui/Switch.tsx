import css from './Switch.module.css'

type SwitchProps = {
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
  readonly disabled?: boolean
  readonly 'aria-labelledby': string
  readonly 'aria-describedby'?: string
}

/** On or off, at once. */
export function Switch({ isOn, onChange, ...rest }: SwitchProps) {
  return (
    <input
      {...rest}
      type="checkbox"
      role="switch"
      className={css.switch}
      checked={isOn}
      onChange={(event) => {
        onChange(event.target.checked)
      }}
    />
  )
}
