import { useId, useLayoutEffect, useRef, type ReactNode } from 'react'
import { cx } from './cx.ts'
import css from './Dialog.module.css'

type DialogProps = {
  readonly title: string
  readonly children: ReactNode
  /** `wide` has room for lists. */
  readonly size?: 'normal' | 'wide'
  /** The button that changes nothing, or least: it has the focus when the dialog opens. */
  readonly safeButton: ReactNode
  readonly actButton?: ReactNode
  /** Puts the question off; stands apart from the answers. */
  readonly laterButton?: ReactNode
  /** Escape, or anything else that means no. */
  readonly onClose: () => void
}

/**
 * A question in front of the window, open for as long as it is mounted. The platform's own `<dialog>`: it keeps the
 * focus inside, closes on Escape, and unlike the libraries adds no style element, which the content security policy
 * would refuse.
 */
export function Dialog(props: DialogProps) {
  const { title, children, size = 'normal', safeButton, actButton, laterButton, onClose } = props
  const ref = useRef<HTMLDialogElement>(null)
  const safeRef = useRef<HTMLSpanElement>(null)
  const titleId = useId()

  // Before the element leaves the page: closing gives the focus back to what had it.
  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    // Left to itself the platform takes the first control, and that is the one that acts where it stands first.
    safeRef.current?.querySelector('button')?.focus()
    return () => dialog?.close()
  }, [])

  // Windows puts the button that acts first, the others last.
  const isActFirst = window.pail.platform === 'win32'
  const safe = (
    <span ref={safeRef} className={css.safe}>
      {safeButton}
    </span>
  )
  return (
    <dialog
      ref={ref}
      className={cx(css.dialog, css[size])}
      aria-labelledby={titleId}
      onClose={(event) => {
        if (!event.currentTarget.open) onClose()
      }}
    >
      <div className={css.body}>
        <h2 id={titleId} className={css.title}>
          {title}
        </h2>
        <div className={css.text}>{children}</div>
        <div className={css.buttons}>
          {laterButton === undefined ? null : <span className={css.later}>{laterButton}</span>}
          {isActFirst ? actButton : safe}
          {isActFirst ? safe : actButton}
        </div>
      </div>
    </dialog>
  )
}
