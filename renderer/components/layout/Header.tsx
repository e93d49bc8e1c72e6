import type { Status } from '../../../shared/model/status.ts'
import { statusWords } from '../../../shared/text/status-text.ts'
import { t } from '../../i18n/texts.ts'
import { useEngineStore } from '../../state/engine-store.ts'
import { Sentence, StatusSentence } from '../data/StatusSentence.tsx'
import css from './Header.module.css'
import { Mark } from './Mark.tsx'
import { PauseButton } from './PauseButton.tsx'

/** The mark, the one sentence about everything, and the way to stop and go on. */
export function Header({ status }: { readonly status: Status }) {
  const engineKind = useEngineStore((state) => state.engineState.kind)
  // What the engine said last is not known to be true while it is not there.
  const isKnown = engineKind === 'running'
  const words = engineKind === 'failed' ? t.engine.notRunning : t.engine.startingAgain
  return (
    <header className={css.header}>
      <div className={css.mark}>
        <Mark size={22} />
        <span className={css.name}>{t.appName}</span>
      </div>
      <div className={css.status} data-testid="status-sentence">
        {isKnown ? (
          <StatusSentence status={status} />
        ) : (
          <Sentence kind={engineKind === 'failed' ? 'problem' : 'checking'} first={words} details="" />
        )}
      </div>
      {/* Spoken when the state changes, not every time its numbers do. */}
      <p className="sr-only" role="status" aria-live="polite">
        {isKnown ? statusWords()[status.kind] : words}
      </p>
      {status.kind === 'not-set-up' || !isKnown ? null : <PauseButton />}
    </header>
  )
}
