import { useEffect, useId, useRef, type ReactNode } from 'react'
import css from './Dialog.module.css'

type DialogProps = {
  readonly isOpen: boolean
  readonly title: string
  readonly children: ReactNode
  /** The buttons, the safe one with `autoFocus`; the component orders them as the platform does. */
  readonly safeButton: ReactNode
  readonly actButton: ReactNode
  /** Escape, or anything else that means no. */
  readonly onClose: () => void
}

/**
 * A question in front of the window. The platform's own `<dialog>`: it keeps the focus inside, closes on Escape, and
 * unlike the libraries adds no style element, which the content security policy would refuse.
 */
export function Dialog({ isOpen, title, children, safeButton, actButton, onClose }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useEffect(() => {
    const dialog = ref.current
    if (dialog === null) return
    if (isOpen && !dialog.open) dialog.showModal()
    if (!isOpen && dialog.open) dialog.close()
  }, [isOpen])

  // Windows puts the button that acts first, the others last.
  const isActFirst = window.pail.platform === 'win32'
  return (
    <dialog ref={ref} className={css.dialog} aria-labelledby={titleId} onClose={onClose}>
      {isOpen ? (
        <div className={css.body}>
          <h2 id={titleId} className={css.title}>
            {title}
          </h2>
          <div className={css.text}>{children}</div>
          <div className={css.buttons}>
            {isActFirst ? actButton : safeButton}
            {isActFirst ? safeButton : actButton}
          </div>
        </div>
      ) : null}
    </dialog>
  )
}
