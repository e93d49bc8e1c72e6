import { useState } from 'react'
import { Progress } from '../../components/ui/Progress.tsx'
import { t } from '../../i18n/texts.ts'

type SendingBarProps = {
  readonly name: string
  /** Bytes that are to be sent now and are not in B2 yet. */
  readonly bytes: number
}

/**
 * How far a folder is with what it sends now. The engine says what is left, not what there was: the most that was left
 * since the bar appeared stands for the whole. What cannot be sent is not among it, so the end is always reached.
 */
export function SendingBar({ name, bytes }: SendingBarProps) {
  const [mostBytes, setMostBytes] = useState(bytes)
  if (bytes > mostBytes) setMostBytes(bytes)
  return <Progress label={t.transfers.progress(name)} done={mostBytes - bytes} total={mostBytes} />
}
