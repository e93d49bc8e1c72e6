import { useEffect, useRef, type ReactNode, type SubmitEventHandler } from 'react'
import { ArrowRight } from 'lucide-react'
import { Mark } from '../../components/layout/Mark.tsx'
import { t } from '../../i18n/texts.ts'
import css from './StepFrame.module.css'

export type StepPlace = { readonly number: number; readonly of: number }

type StepFrameProps = {
  readonly place: StepPlace
  readonly title: string
  readonly intro: string
  /** What will happen, a sentence each. */
  readonly points: readonly string[]
  /** More at the right, below the points. */
  readonly aside?: ReactNode
  readonly children: ReactNode
  readonly leftButtons: ReactNode
  readonly rightButtons: ReactNode
  readonly onSubmit: () => void
}

/** One question: it stands at the left with its answer and buttons; what will happen stands at the right. */
export function StepFrame(props: StepFrameProps) {
  const { place, title, intro, points, aside, children, leftButtons, rightButtons, onSubmit } = props
  const heading = useRef<HTMLHeadingElement>(null)

  // A new question is read out, unless a field of it has taken the focus already.
  useEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) heading.current?.focus()
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
              {place.of > 1 ? <span className={css.step}>{t.setup.step(place.number, place.of)}</span> : null}
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
      <aside className={css.aside} aria-label={t.setup.whatHappens}>
        <h2 className={css.asideTitle}>{t.setup.whatHappens}</h2>
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
