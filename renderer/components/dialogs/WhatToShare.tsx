import { Check } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import type { LinkTarget } from '../../../shared/model/link.ts'
import { t } from '../../i18n/texts.ts'
import { FileIcon } from '../data/FileIcon.tsx'
import { PathLabel } from '../data/PathLabel.tsx'
import css from './CreateLinkDialog.module.css'

/** Something that links can be made to, under one name. */
export type Shareable = {
  readonly key: string
  readonly label: string
  readonly title: string
  readonly targets: readonly LinkTarget[]
}

type WhatToShareProps = {
  readonly shareables: readonly Shareable[]
  /** Key of the one that is chosen; null for none. */
  readonly chosen: string | null
  readonly onChoose: (key: string) => void
  /** The ways to others. */
  readonly children: ReactNode
}

/** One of what was picked and what was sent last, and the ways to anything else. */
export function WhatToShare({ shareables, chosen, onChoose, children }: WhatToShareProps) {
  const words = t.linksView.createDialog
  const name = useId()
  return (
    <fieldset className={css.field}>
      <legend className={css.label}>{words.what}</legend>
      {shareables.length === 0 ? null : (
        <div className={css.list}>
          {shareables.map(({ key, label, title }) => (
            <label key={key} className={css.item}>
              <input
                type="radio"
                className={css.radio}
                name={name}
                checked={key === chosen}
                onChange={() => {
                  onChoose(key)
                }}
              />
              <FileIcon path={label} />
              <PathLabel text={label} title={title} />
              <Check size={14} className={css.tick} aria-hidden />
            </label>
          ))}
        </div>
      )}
      <div className={css.ways}>{children}</div>
    </fieldset>
  )
}
