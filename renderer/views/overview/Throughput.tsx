import { formatRate } from '../../../shared/format/bytes.ts'
import { t } from '../../i18n/texts.ts'
import css from './Throughput.module.css'
import { linePoints } from './line-points.ts'

/** The chart's own units; the drawing is stretched to the room there is. */
const WIDTH = 600
const HEIGHT = 40

type ThroughputProps = {
  /** Bytes a second, a number for each five seconds, the oldest first. */
  readonly values: readonly number[]
  /** Bytes a second now. */
  readonly bytesPerSecond: number
}

/** How fast files left over the last minutes. With fewer than three steps there is no line to see yet. */
export function Throughput({ values, bytesPerSecond }: ThroughputProps) {
  if (values.length < 3) return null
  const points = linePoints(values, WIDTH, HEIGHT)
  const most = Math.max(...values)
  return (
    <figure className={css.figure} aria-label={t.overview.throughput(formatRate(bytesPerSecond), formatRate(most))}>
      <figcaption className={css.words}>
        <span className={css.now}>{formatRate(bytesPerSecond)}</span>
        <span className={css.most}>{t.overview.throughputMost(formatRate(most))}</span>
      </figcaption>
      <svg className={css.chart} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
        <polygon className={css.area} points={`${points} ${WIDTH},${HEIGHT} 0,${HEIGHT}`} />
        <polyline className={css.line} points={points} vectorEffect="non-scaling-stroke" />
      </svg>
    </figure>
  )
}
