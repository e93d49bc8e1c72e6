import type { Status, StatusKind } from '../../../shared/model/status.ts'
import { statusText } from '../../../shared/text/status-text.ts'
import { useNow } from '../../hooks/use-now.ts'
import { StatusIcon } from './StatusIcon.tsx'
import css from './StatusSentence.module.css'

/** A state as its shape and its sentence; the first words carry the weight. Stays true as time passes. */
export function StatusSentence({ status }: { readonly status: Status }) {
  const now = useNow()
  const [first = '', ...rest] = statusText(status, now).split(' - ')
  return <Sentence kind={status.kind} first={first} details={rest.join(' · ')} />
}

type SentenceProps = { readonly kind: StatusKind; readonly first: string; readonly details: string }

/** A shape and a sentence on one line; the details are cut when there is no room. */
export function Sentence({ kind, first, details }: SentenceProps) {
  return (
    <span className={css.sentence} title={details === '' ? first : `${first} · ${details}`}>
      <StatusIcon kind={kind} />
      <span className={css.text}>
        <span className={css.first}>{first}</span>
        {details === '' ? null : <span className={css.rest}> {details}</span>}
      </span>
    </span>
  )
}
