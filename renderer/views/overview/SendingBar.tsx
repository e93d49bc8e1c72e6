import type { FolderId } from '../../../shared/ids.ts'
import { Progress } from '../../components/ui/Progress.tsx'
import { t } from '../../i18n/texts.ts'
import { useEngineStore } from '../../state/engine-store.ts'

type SendingBarProps = {
  readonly folderId: FolderId
  readonly name: string
  /** Bytes that are to be sent now and are not in B2 yet. */
  readonly bytes: number
}

/**
 * How far a folder is with what it sends now. What cannot be sent is not among it, so the end is always reached.
 */
export function SendingBar({ folderId, name, bytes }: SendingBarProps) {
  const mostBytes = useEngineStore((state) => state.toSend.get(folderId) ?? bytes)
  return <Progress label={t.transfers.progress(name)} done={mostBytes - bytes} total={mostBytes} />
}
