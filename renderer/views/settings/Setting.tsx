import { createContext, useContext, useEffect, useId, useRef, type ReactNode } from 'react'
import { Card } from '../../components/layout/View.tsx'
import { foundSettings, useUiStore, type SettingsGroup } from '../../state/ui-store.ts'
import { isFound } from './search.ts'
import css from './Setting.module.css'

/** What is looked for; empty for everything. */
export const SearchContext = createContext('')

/** The headings above: a setting is also found by them. */
const HeadingsContext = createContext<readonly string[]>([])

type GroupProps = {
  readonly title: string
  /** What other views call it that lead here. */
  readonly name?: SettingsGroup
  readonly children: ReactNode
}

/** Settings that belong together. Gone while nothing in it is looked for. */
export function Group({ title, name, children }: GroupProps) {
  const ref = useRef<HTMLHeadingElement>(null)
  const isWanted = useUiStore((state) => name !== undefined && state.settingsGroup === name)

  // With the focus, so that the keyboard goes on from there.
  useEffect(() => {
    if (!isWanted) return
    ref.current?.scrollIntoView()
    ref.current?.focus({ preventScroll: true })
    foundSettings()
  }, [isWanted])

  return (
    <section className={css.group} aria-label={title}>
      <h2 ref={ref} className={css.heading} tabIndex={name === undefined ? undefined : -1}>
        {title}
      </h2>
      <Card>
        <Under heading={title}>{children}</Under>
      </Card>
    </section>
  )
}

/** Lets what is inside be found by a heading as well. */
export function Under({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  const headings = useContext(HeadingsContext)
  return <HeadingsContext value={[...headings, heading]}>{children}</HeadingsContext>
}

/** What names and describes a control. */
export type ControlLabels = { readonly 'aria-labelledby': string; readonly 'aria-describedby'?: string }

type SettingProps = {
  readonly title: string
  readonly hint?: ReactNode
  /** Other words it is found by. */
  readonly words?: string
  readonly control?: (labels: ControlLabels) => ReactNode
  /** What needs the whole width, below. */
  readonly children?: ReactNode
}

/** One setting: its name and what it means at the left, its control at the right. */
export function Setting({ title, hint, words = '', control, children }: SettingProps) {
  const id = useId()
  const query = useContext(SearchContext)
  const headings = useContext(HeadingsContext)
  const texts = [...headings, title, typeof hint === 'string' ? hint : '', words]
  const described = hint === undefined ? {} : { 'aria-describedby': `${id}-hint` }
  return (
    // Hidden and not taken away: what was typed into it stays.
    <div className={css.setting} data-setting hidden={!isFound(query, texts)}>
      <div className={css.line}>
        <div className={css.text}>
          <p id={`${id}-title`}>{title}</p>
          {hint === undefined ? null : (
            <p id={`${id}-hint`} className={css.hint}>
              {hint}
            </p>
          )}
        </div>
        {control === undefined ? null : (
          <div className={css.control}>{control({ 'aria-labelledby': `${id}-title`, ...described })}</div>
        )}
      </div>
      {children}
    </div>
  )
}
