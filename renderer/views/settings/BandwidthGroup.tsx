import { formatRate } from '../../../shared/format/bytes.ts'
import { formatUntil } from '../../../shared/format/moment.ts'
import type { Bandwidth, BandwidthNow } from '../../../shared/model/bandwidth.ts'
import { CommitField } from '../../components/ui/CommitField.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { t } from '../../i18n/texts.ts'
import { parseRate, rateToText } from './number-text.ts'
import { Schedule } from './Schedule.tsx'
import { Group, Setting, type ControlLabels } from './Setting.tsx'
import { useBandwidth, type BandwidthSetting } from './use-bandwidth.ts'

/** How much of the line Pail may use: at all times, and at some times of the week. */
export function BandwidthGroup({ now }: { readonly now: BandwidthNow }) {
  const words = t.settings.bandwidth
  const { bandwidth, save } = useBandwidth()
  const time = useNow()
  const until = now.until === null ? null : formatUntil(now.until, time)
  return (
    <Group title={words.title}>
      {(['up', 'down'] as const).map((direction) => (
        <Setting
          key={direction}
          title={words[direction]}
          hint={words[`${direction}Hint`]}
          control={(labels) =>
            bandwidth === null ? null : (
              <Limit labels={labels} bandwidth={bandwidth} direction={direction} save={save} />
            )
          }
        />
      ))}
      <Setting title={words.week} hint={words.weekHint} words={words.noLimit}>
        {bandwidth === null ? null : <Schedule bandwidth={bandwidth} save={save} />}
        <p>{words.now(rateWords(now.up), rateWords(now.down), until)}</p>
      </Setting>
    </Group>
  )
}

/** `500 kB/s`, `unlimited`: in the middle of a sentence. */
function rateWords(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? t.settings.bandwidth.unlimited : formatRate(bytesPerSecond)
}

type LimitProps = {
  readonly labels: ControlLabels
  readonly bandwidth: Bandwidth
  readonly direction: 'up' | 'down'
  readonly save: BandwidthSetting['save']
}

function Limit({ labels, bandwidth, direction, save }: LimitProps) {
  const words = t.settings.bandwidth
  return (
    <CommitField
      {...labels}
      value={rateToText(bandwidth[direction])}
      unit={words.unit}
      placeholder={words.noLimit}
      wrong={words.wrong}
      isGood={(text) => parseRate(text).isGood}
      onCommit={(text) => {
        const typed = parseRate(text)
        return typed.isGood ? save({ ...bandwidth, [direction]: typed.bytesPerSecond }) : Promise.resolve(false)
      }}
    />
  )
}
