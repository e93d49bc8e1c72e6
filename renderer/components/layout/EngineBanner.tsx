import { t } from '../../i18n/texts.ts'
import { useEngineStore } from '../../state/engine-store.ts'
import css from './EngineBanner.module.css'

/** A quiet line while the engine's process is not there; nothing otherwise. */
export function EngineBanner() {
  const { kind, reason } = useEngineStore((state) => state.engineState)
  if (kind === 'running' || kind === 'starting') return null
  return (
    <p className={css.banner} data-kind={kind} role={kind === 'failed' ? 'alert' : 'note'} title={reason ?? undefined}>
      {t.engine[kind]}
      {kind === 'failed' && reason !== null ? <span className={css.reason}> {reason}</span> : null}
    </p>
  )
}
