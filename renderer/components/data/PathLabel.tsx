import { splitForMiddle, visibleName } from '../../../shared/format/path.ts'
import css from './PathLabel.module.css'

type PathLabelProps = {
  readonly text: string
  /** Whole words for the tooltip, when the text alone is a part of them. */
  readonly title?: string
}

/**
 * A name or a path on one line, cut in the middle when there is no room, so that its end stays readable.
 *
 * The visible halves are drawn by CSS; the element's own text is the whole path, once, for assistive technology,
 * selection and tests.
 */
export function PathLabel({ text, title }: PathLabelProps) {
  const shown = visibleName(text)
  const { head, tail } = splitForMiddle(shown)
  return (
    <span className={css.path} title={visibleName(title ?? text)}>
      <span className={css.whole}>{shown}</span>
      <span className={css.head} data-text={head} aria-hidden />
      {tail === '' ? null : <span className={css.tail} data-text={tail} aria-hidden />}
    </span>
  )
}
