import { ArrowRight } from 'lucide-react'
import { useEffect, useEffectEvent, useRef, type ReactNode, type SubmitEventHandler } from 'react'
import { Mark } from '../../components/layout/Mark.tsx'
import { t } from '../../i18n/texts.ts'
import type { Amount } from './amount-text.ts'
import css from './StepFrame.module.css'
import { StepNav, type Way } from './StepNav.tsx'

type StepFrameProps = {
  readonly way: Way
  readonly title: string
  readonly intro: string
  /** The answer to "what will happen?" in numbers, with what they are made of; null while there are none. */
  readonly amount: Amount | null
  /** What will happen, a sentence each. */
  readonly points: readonly string[]
  /** More at the right, below the points. */
  readonly aside?: ReactNode
  readonly children: ReactNode
  readonly leftButtons: ReactNode
  readonly rightButtons: ReactNode
  /** Enter, wherever it does nothing else. */
  readonly onSubmit: () => void
  /** Escape; null where there is nothing to go back to. */
  readonly onBack: (() => void) | null
}

/** One question: it stands at the left with its answer and buttons; what will happen stands at the right. */
export function StepFrame(props: StepFrameProps) {
  const { way, title, intro, amount, points, aside, children, leftButtons, rightButtons, onSubmit, onBack } = props
  const heading = useRef<HTMLHeadingElement>(null)

  // A new question is read out, unless a field of it has taken the focus already.
  useEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) heading.current?.focus()
  }, [])

  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    if (event.key === 'Escape') onBack?.()
    if (event.key === 'Enter' && !isControl(event.target)) onSubmit()
  })
  useEffect(() => {
    // At the window: it has to be heard also where nothing has the focus.
    const listener = (event: KeyboardEvent): void => {
      press(event)
    }
    window.addEventListener('keydown', listener)
    return () => {
      window.removeEventListener('keydown', listener)
    }
  }, [])

  const submit: SubmitEventHandler<HTMLFormElement> = (event) => {
    event.preventDefault()
    onSubmit()
  }

  return (
    <main className={css.frame}>
      <form className={css.question} onSubmit={submit} aria-label={title} noValidate>
        <div className={css.scroll}>
          <div className={css.column}>
            <div className={css.brand}>
              <Mark size={28} />
              <StepNav way={way} />
            </div>
            <h1 ref={heading} tabIndex={-1} className={css.title}>
              {title}
            </h1>
            <p className={css.intro}>{intro}</p>
            <div className={css.content}>{children}</div>
          </div>
        </div>
        <footer className={css.footer}>
          <div className={css.buttons}>
            {leftButtons}
            <span className={css.right}>{rightButtons}</span>
          </div>
        </footer>
      </form>
      {/* Reached by Tab, so that the keyboard can scroll it. */}
      <aside className={css.aside} aria-label={t.setup.whatHappens} tabIndex={0}>
        <h2 className={css.asideTitle}>{t.setup.whatHappens}</h2>
        <div className={css.amount} aria-live="polite">
          <p className={css.answer} data-testid="setup-amount">
            {amount?.text ?? t.setup.nothingYet}
          </p>
          {amount === null ? null : <p className={css.basis}>{amount.basis}</p>}
        </div>
        <ul className={css.points}>
          {points.map((point) => (
            <li key={point} className={css.point}>
              <ArrowRight size={14} className={css.arrow} aria-hidden />
              <span>{point}</span>
            </li>
          ))}
        </ul>
        {aside}
      </aside>
    </main>
  )
}

/** What does something of its own when Enter is pressed on it: in a field of the form that is to submit it. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, input, summary') !== null
}
