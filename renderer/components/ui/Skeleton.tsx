import css from './Skeleton.module.css'

/** Where rows will be, shown only when they take longer than 300 ms. */
export function Skeleton({ rows }: { readonly rows: number }) {
  return (
    <div className={css.skeleton} aria-hidden>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className={css.row} />
      ))}
    </div>
  )
}
