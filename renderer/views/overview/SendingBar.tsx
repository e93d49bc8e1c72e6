import { useState } from 'react'
import type { FolderId } from '../../../shared/ids.ts'
import { Progress } from '../../components/ui/Progress.tsx'
import { t } from '../../i18n/texts.ts'
import { useEngineStore } from '../../state/engine-store.ts'

type SendingBarProps = {
  readonly folderId: FolderId
  readonly name: string
  /** Bytes that are not in B2 yet, those under way included. */
  readonly bytes: number
}

/**
 * How far a folder is with what it sends now. The engine says what is left, not what there was: the most that was left
 * since the bar appeared stands for the whole.
 */
export function SendingBar({ folderId, name, bytes }: SendingBarProps) {
  const sentBytes = useEngineStore((state) => sentBytesOf(state.snapshot?.transfers.sending ?? [], folderId))
  const leftBytes = Math.max(0, bytes - sentBytes)
  const [mostBytes, setMostBytes] = useState(leftBytes)
  if (leftBytes > mostBytes) setMostBytes(leftBytes)
  return <Progress label={t.transfers.progress(name)} done={mostBytes - leftBytes} total={mostBytes} />
}

type Sending = { readonly folderId: FolderId; readonly sentBytes: number }

function sentBytesOf(rows: readonly Sending[], folderId: FolderId): number {
  return rows.reduce((sum, row) => (row.folderId === folderId ? sum + row.sentBytes : sum), 0)
}
