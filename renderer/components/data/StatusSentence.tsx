import type { Status } from '../../../shared/model/status.ts'
import { statusText } from '../../../shared/text/status-text.ts'
import { useNow } from '../../hooks/use-now.ts'
import { StatusIcon } from './StatusIcon.tsx'
import css from './StatusSentence.module.css'

/** A state as its shape and its sentence; the first words carry the weight. Stays true as time passes. */
export function StatusSentence({ status }: { readonly status: Status }) {
  const now = useNow()
  const [first = '', ...rest] = statusText(status, now).split(' - ')
  const details = rest.join(' · ')
  return (
    <span className={css.sentence} title={details === '' ? first : `${first} · ${details}`}>
      <StatusIcon kind={status.kind} />
      <span className={css.text}>
        <span className={css.first}>{first}</span>
        {details === '' ? null : <span className={css.rest}> {details}</span>}
      </span>
    </span>
  )
}
