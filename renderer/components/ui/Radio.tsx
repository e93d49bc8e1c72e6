import type { ComponentProps } from 'react'
import css from './Radio.module.css'

type RadioProps = Omit<ComponentProps<'input'>, 'type' | 'className' | 'onChange'> & { readonly onChoose: () => void }

/** One of those with the same `name`. */
export function Radio({ onChoose, ...rest }: RadioProps) {
  return <input {...rest} type="radio" className={css.radio} onChange={onChoose} />
}
