import { t } from '../../i18n/texts.ts'
import { FileIcon } from '../data/FileIcon.tsx'
import { PathLabel } from '../data/PathLabel.tsx'
import { Button } from '../ui/Button.tsx'
import css from './PagedList.module.css'

export type PagedRow = { readonly path: string; readonly note?: string; readonly title?: string }

type PagedListProps = {
  readonly label: string
  readonly rows: readonly PagedRow[]
  /** Null when all is shown. */
  readonly onMore: (() => void) | null
  /** How many are not shown yet; null where nobody knows. */
  readonly restCount: number | null
}

/** Paths in a box that scrolls, a page more at a time. */
export function PagedList({ label, rows, onMore, restCount }: PagedListProps) {
  return (
    // Reached by Tab, so that the keyboard can scroll it.
    <div className={css.box} tabIndex={0} role="group" aria-label={label}>
      <ul>
        {rows.map(({ path, note, title }, index) => (
          // Rows are only ever added at the end, and names that are no text can look alike.
          <li key={index} className={css.row} title={title}>
            <FileIcon path={path} />
            <PathLabel text={path} title={title ?? path} />
            {note === undefined ? null : <span className={css.note}>{note}</span>}
          </li>
        ))}
      </ul>
      {onMore === null ? null : (
        <div className={css.more}>
          <Button variant="quiet" onClick={onMore}>
            {t.list.more}
          </Button>
          {restCount === null ? null : <span className={css.rest}>{t.list.rest(restCount)}</span>}
        </div>
      )}
    </div>
  )
}
