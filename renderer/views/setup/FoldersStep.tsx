import { FolderPlus } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { KeyReach } from '../../../shared/model/key.ts'
import { shell } from '../../client/shell-client.ts'
import { Button } from '../../components/ui/Button.tsx'
import { cx } from '../../components/ui/cx.ts'
import { Notice } from '../../components/ui/Notice.tsx'
import { t } from '../../i18n/texts.ts'
import { textOfError } from '../../state/actions.ts'
import type { Amount } from './amount-text.ts'
import { FolderRow } from './FolderRow.tsx'
import css from './FoldersStep.module.css'
import { StepFrame } from './StepFrame.tsx'
import type { Way } from './StepNav.tsx'
import { useDroppedFolders } from './use-dropped-folders.ts'
import type { FolderDrafts } from './use-folder-drafts.ts'

type FoldersStepProps = {
  readonly way: Way
  readonly bucketName: string
  /** Names the key may touch start with this. */
  readonly keyPrefix: string
  readonly folders: FolderDrafts
  /** The places in the bucket that folders have which are synced already. */
  readonly taken: readonly string[]
  /** What is wrong with the place of each chosen folder; null for nothing. */
  readonly faults: readonly (string | null)[]
  readonly amount: Amount | null
  /** What the key that Pail will make reaches; null where it makes none. */
  readonly reach: KeyReach | null
  readonly onReach: (reach: KeyReach) => void
  readonly onBack: () => void
  readonly onContinue: () => void
}

/** The third question: the folders, each with what it holds, what is left out of it, and where it goes. */
export function FoldersStep(props: FoldersStepProps) {
  const { way, bucketName, keyPrefix, folders, taken, faults, amount, reach, onReach, onBack, onContinue } = props
  const words = t.setup.folders
  const { drafts, refusals } = folders
  const [isBusy, setIsBusy] = useState(false)
  const goOn = useRef<HTMLButtonElement>(null)
  const known = useRef(drafts.length)
  useEffect(() => {
    // What was asked for is answered: Enter goes on.
    if (drafts.length > known.current) goOn.current?.focus()
    known.current = drafts.length
  }, [drafts.length])
  const isOver = useDroppedFolders((dropped, others) => {
    if (dropped.length > 0) void add(dropped)
    else if (others > 0) folders.refuse(words.onlyFolders)
  })

  async function add(paths: readonly AbsolutePath[]): Promise<void> {
    setIsBusy(true)
    await folders.add(paths, keyPrefix, taken)
    setIsBusy(false)
  }

  async function choose(): Promise<void> {
    try {
      const chosen = await shell.chooseFolders(undefined)
      if (chosen.length > 0) await add(chosen)
    } catch (error) {
      folders.refuse(textOfError(error).advice)
    }
  }

  const isEmpty = drafts.length === 0
  const canContinue = !isEmpty && faults.every((fault) => fault === null)
  return (
    <StepFrame
      way={way}
      title={words.title}
      intro={words.intro}
      amount={amount}
      points={words.points(drafts.length, bucketName)}
      onSubmit={() => {
        if (isEmpty) void choose()
        else if (canContinue) onContinue()
      }}
      onBack={onBack}
      leftButtons={
        <Button size="large" onClick={onBack}>
          {t.back}
        </Button>
      }
      rightButtons={
        <Button ref={goOn} variant="primary" size="large" type="submit" disabled={!canContinue}>
          {t.continue}
        </Button>
      }
    >
      {isEmpty ? null : (
        <ul className={css.folders} aria-label={words.list}>
          {drafts.map((draft, index) => (
            <FolderRow
              key={draft.root}
              draft={draft}
              bucketName={bucketName}
              keyPrefix={keyPrefix}
              fault={faults[index] ?? null}
              onType={(typed) => {
                folders.type(draft.root, typed)
              }}
              onRemove={() => {
                folders.remove(draft.root)
              }}
            />
          ))}
        </ul>
      )}
      <div className={cx(css.drop, isEmpty ? css.empty : undefined)} data-over={isOver ? '' : undefined}>
        <FolderPlus size={isEmpty ? 24 : 16} className={css.icon} aria-hidden />
        <p>{isEmpty ? words.none : words.more}</p>
        <Button autoFocus={isEmpty} aria-busy={isBusy ? true : undefined} onClick={() => void choose()}>
          {isEmpty ? words.choose : words.chooseMore}
        </Button>
      </div>
      {refusals.length === 0 ? null : (
        <Notice tone="wait" role="alert" title={words.refusedTitle(refusals.length)}>
          {refusals.map((refusal) => (
            <p key={refusal}>{refusal}</p>
          ))}
        </Notice>
      )}
      {reach === null || isEmpty ? null : (
        <label className={css.reach}>
          <input
            type="checkbox"
            checked={reach === 'buckets'}
            onChange={(event) => {
              onReach(event.target.checked ? 'buckets' : 'places')
            }}
          />
          <span>
            {words.wholeBucket(bucketName)}
            <span className={css.reachNote}>{words.wholeBucketNote}</span>
          </span>
        </label>
      )}
    </StepFrame>
  )
}
