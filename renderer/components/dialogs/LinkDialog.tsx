import { useState } from 'react'
import type { LinkAnswer, Siblings } from '../../../shared/model/link.ts'
import { baseName } from '../../../shared/format/path.ts'
import { t } from '../../i18n/texts.ts'
import { answerLinks, declineLinks, type LinkChoice, type LinkQuestion } from '../../state/links.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import css from './dialog-text.module.css'
import { PagedList } from './PagedList.tsx'

type LinkDialogProps = { readonly question: LinkQuestion; readonly onClose: () => void }

type Asked<K> = Extract<LinkAnswer, { readonly kind: K }>

/** Asks what a link may open, or whether a copy may be sent for it. One question at a time, for all links alike. */
export function LinkDialog({ question, onClose }: LinkDialogProps) {
  const [busy, setBusy] = useState<LinkChoice | null>(null)
  const answer = (choice: LinkChoice): void => {
    if (busy !== null) return
    setBusy(choice)
    void answerLinks(question, choice).then(() => {
      setBusy(null)
    })
  }
  const decline = (): void => {
    // What is being made by now comes all the same, and is told.
    if (busy === null) void declineLinks(question)
    else onClose()
  }
  const asking = { busy, onAnswer: answer, onDecline: decline }
  const siblings = question.answers.filter((each): each is Asked<'siblings'> => each.kind === 'siblings')
  if (siblings.length > 0) return <SiblingsQuestion asked={siblings} {...asking} />
  const outside = question.answers.filter((each): each is Asked<'outside'> => each.kind === 'outside')
  return <OutsideQuestion asked={outside} {...asking} />
}

type QuestionProps<K> = {
  readonly asked: readonly Asked<K>[]
  /** What is being done about it. */
  readonly busy: LinkChoice | null
  readonly onAnswer: (choice: LinkChoice) => void
  readonly onDecline: () => void
}

function SiblingsQuestion({ asked, busy, onAnswer, onDecline }: QuestionProps<'siblings'>) {
  const words = t.links.ask
  const [first] = asked
  const isOne = asked.length === 1
  const names = asked.flatMap(({ siblings }) => siblings.samples)
  return (
    <Dialog
      size="wide"
      title={isOne ? words.siblingsTitle : words.siblingsTitleMany(asked.length)}
      onClose={onDecline}
      laterButton={
        <Button variant="quiet" onClick={onDecline}>
          {words.cancel}
        </Button>
      }
      safeButton={
        <Button
          variant="primary"
          isBusy={busy?.onSiblings === 'copy'}
          onClick={() => {
            onAnswer({ onSiblings: 'copy' })
          }}
        >
          {words.copy}
        </Button>
      }
      actButton={
        <Button
          isBusy={busy?.onSiblings === 'anyway'}
          onClick={() => {
            onAnswer({ onSiblings: 'anyway' })
          }}
        >
          {words.anyway}
        </Button>
      }
    >
      <div className={css.stack}>
        <p>{isOne && first !== undefined ? words.siblingsText(baseName(first.sharedName)) : words.siblingsTextMany}</p>
        <PagedList label={words.list} rows={names.map((path) => ({ path }))} onMore={null} restCount={null} />
        {isOne && first !== undefined ? <Rest siblings={first.siblings} /> : null}
        <div className={css.outcomes}>
          <p>
            <strong>{words.copy}:</strong> {words.copyText}
          </p>
          <p>
            <strong>{words.anyway}:</strong> {words.anywayText}
          </p>
        </div>
      </div>
    </Dialog>
  )
}

/** What the list leaves out, and what is not open now. */
function Rest({ siblings }: { readonly siblings: Siblings }) {
  const { count, samples, isMore, hiddenCount } = siblings
  return (
    <>
      {count > samples.length || isMore ? <p>{t.links.ask.more(siblings)}</p> : null}
      {hiddenCount > 0 ? <p>{t.links.ask.hidden(hiddenCount)}</p> : null}
    </>
  )
}

function OutsideQuestion({ asked, busy, onAnswer, onDecline }: QuestionProps<'outside'>) {
  const words = t.links.ask
  const bytes = asked.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return (
    <Dialog
      title={words.outsideTitle(asked.length)}
      onClose={onDecline}
      safeButton={<Button onClick={onDecline}>{words.cancel}</Button>}
      actButton={
        <Button
          variant="primary"
          isBusy={busy !== null}
          onClick={() => {
            onAnswer({ onOutside: 'upload' })
          }}
        >
          {words.upload}
        </Button>
      }
    >
      {words.outsideText(bytes, asked[0]?.bucketName ?? '')}
    </Dialog>
  )
}
