import { Check } from 'lucide-react'
import { t } from '../../i18n/texts.ts'
import css from './StepNav.module.css'

export const STEPS = ['key', 'bucket', 'folders', 'deletions'] as const
export type Step = (typeof STEPS)[number]

/** Where one is among the questions, and which of the others can be gone to. */
export type Way = {
  readonly steps: readonly Step[]
  readonly current: Step
  /** How many from the first one on are answered, so that the one behind them can be asked. */
  readonly answered: number
  readonly onGo: (step: Step) => void
}

/** The questions in their order, to go back and forth between those that can be answered; nothing for a single one. */
export function StepNav({ way }: { readonly way: Way }) {
  const { steps, current, answered, onGo } = way
  if (steps.length < 2) return null
  return (
    <nav aria-label={t.setup.step(steps.indexOf(current) + 1, steps.length)}>
      <ol className={css.steps}>
        {steps.map((step, index) => (
          <li key={step}>
            <button
              type="button"
              className={css.step}
              aria-current={step === current ? 'step' : undefined}
              disabled={index > answered}
              onClick={() => {
                if (step !== current) onGo(step)
              }}
            >
              {index < answered && step !== current ? <Check size={12} className={css.done} aria-hidden /> : null}
              {t.setup.steps[step]}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
