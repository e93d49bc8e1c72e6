import { useId, useState } from 'react'
import type { FolderView } from '../../../shared/model/folder.ts'
import { MAX_WEEK_TIMES, Weekday, type WeekTimes } from '../../../shared/model/week-times.ts'
import { Radio } from '../../components/ui/Radio.tsx'
import { Select } from '../../components/ui/Select.tsx'
import { t } from '../../i18n/texts.ts'
import { showToast } from '../../state/ui-store.ts'
import css from './Schedule.module.css'
import { Setting } from './Setting.tsx'
import { changeFolder } from './settings-actions.ts'
import { gridOfTimes, isOnTheHour, timesOf, type WeekGrid } from './week-grid.ts'
import { WeekTable } from './WeekTable.tsx'

/** What most people mean who want times at all. */
const NIGHTS: readonly WeekTimes[] = [{ days: [...Weekday.options], from: '22:00', to: '06:00' }]

type SendingHoursProps = { readonly folder: FolderView; readonly name: string }

/** The hours of the week in which a folder sends; a week without any painted hour is every hour. */
export function SendingHours({ folder, name }: SendingHoursProps) {
  const words = t.settings.folders
  const { folderId, settings } = folder
  const kind = settings.sendingTimes.length === 0 ? 'always' : 'some'
  const save = (times: readonly WeekTimes[]) => changeFolder(folderId, { sendingTimes: [...times] })
  return (
    <Setting
      title={words.hours}
      hint={words.hoursHint}
      words={words.hoursWords}
      control={(labels) => (
        <Select
          {...labels}
          value={kind}
          options={(['always', 'some'] as const).map((value) => ({ value, label: words.hoursKinds[value] }))}
          onChange={(chosen) => void save(chosen === 'always' ? [] : NIGHTS)}
        />
      )}
    >
      {kind === 'always' ? null : <Week times={settings.sendingTimes} name={name} save={save} />}
    </Setting>
  )
}

type WeekProps = {
  readonly times: readonly WeekTimes[]
  readonly name: string
  readonly save: (times: readonly WeekTimes[]) => Promise<boolean>
}

function Week({ times, name, save }: WeekProps) {
  const words = t.settings.folders
  const [grid, setGrid] = useState<WeekGrid>(() => gridOfTimes(times))
  const [brush, setBrush] = useState<number | null>(0)
  const group = useId()

  async function paint(cells: WeekGrid['cells']): Promise<void> {
    const next = timesOf(cells)
    if (next.length > MAX_WEEK_TIMES) {
      showToast(t.settings.bandwidth.tooMany, 'danger')
      return
    }
    setGrid({ ...grid, cells })
    if (!(await save(next))) setGrid(grid)
  }

  return (
    <div className={css.schedule}>
      <p className={css.note}>{words.hoursHow}</p>
      <div className={css.pair} role="radiogroup" aria-label={words.hoursBrush}>
        {([0, null] as const).map((paints) => (
          <label key={String(paints)} className={css.brush}>
            <Radio
              name={group}
              checked={brush === paints}
              onChoose={() => {
                setBrush(paints)
              }}
            />
            <span className={css.swatch} data-limit={paints === 0 ? '1' : ''}>
              {paints === 0 ? SENDS : ''}
            </span>
            <span>{paints === 0 ? words.sends : words.waits}</span>
          </label>
        ))}
      </div>
      <WeekTable
        grid={grid}
        brush={brush}
        label={words.hoursGrid(name)}
        mark={SENDS}
        limitWords={(cell) => (cell === null ? words.waits : words.sends)}
        onPaint={(cells) => void paint(cells)}
      />
      {isOnTheHour(times) ? null : <p className={css.note}>{words.hoursRounded}</p>}
    </div>
  )
}

/** Stands in the hours that send, for who sees no colour. */
const SENDS = '\u2191'
