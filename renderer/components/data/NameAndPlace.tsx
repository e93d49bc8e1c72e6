import css from './NameAndPlace.module.css'
import { PathLabel } from './PathLabel.tsx'

type NameAndPlaceProps = {
  readonly name: string
  /** Where it is; one that is narrow shows the name alone. */
  readonly place: string
  /** All of it, on hover. */
  readonly title: string
}

/** What a row is about, one line high: the name first, its place quietly behind it. */
export function NameAndPlace({ name, place, title }: NameAndPlaceProps) {
  return (
    <span className={css.both}>
      <PathLabel text={name} title={title} />
      <span className={css.place}>
        <PathLabel text={place} />
      </span>
    </span>
  )
}
