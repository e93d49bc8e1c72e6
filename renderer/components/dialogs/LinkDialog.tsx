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
  const answer = (choice: LinkChoice): void => {
    onClose()
    void answerLinks(question, choice)
  }
  const decline = (): void => {
    onClose()
    void declineLinks(question)
  }
  const siblings = question.answers.filter((each): each is Asked<'siblings'> => each.kind === 'siblings')
  if (siblings.length > 0) return <SiblingsQuestion asked={siblings} onAnswer={answer} onDecline={decline} />
  const outside = question.answers.filter((each): each is Asked<'outside'> => each.kind === 'outside')
  return <OutsideQuestion asked={outside} onAnswer={answer} onDecline={decline} />
}

type QuestionProps<K> = {
  readonly asked: readonly Asked<K>[]
  readonly onAnswer: (choice: LinkChoice) => void
  readonly onDecline: () => void
}

function SiblingsQuestion({ asked, onAnswer, onDecline }: QuestionProps<'siblings'>) {
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
        <Button variant="primary" onClick={() => onAnswer({ onSiblings: 'copy' })}>
          {words.copy}
        </Button>
      }
      actButton={<Button onClick={() => onAnswer({ onSiblings: 'anyway' })}>{words.anyway}</Button>}
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

function OutsideQuestion({ asked, onAnswer, onDecline }: QuestionProps<'outside'>) {
  const words = t.links.ask
  const bytes = asked.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return (
    <Dialog
      title={words.outsideTitle(asked.length)}
      onClose={onDecline}
      safeButton={<Button onClick={onDecline}>{words.cancel}</Button>}
      actButton={
        <Button variant="primary" onClick={() => onAnswer({ onOutside: 'upload' })}>
          {words.upload}
        </Button>
      }
    >
      {words.outsideText(bytes, asked[0]?.bucketName ?? '')}
    </Dialog>
  )
}
