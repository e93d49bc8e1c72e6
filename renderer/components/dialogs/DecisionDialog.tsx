import { useCallback, useState } from 'react'
import { isEngineError } from '../../../shared/errors.ts'
import type { FolderId, RelativePath } from '../../../shared/ids.ts'
import type { Decision, DecisionKind } from '../../../shared/model/decision.ts'
import type { FolderView } from '../../../shared/model/folder.ts'
import { decisionText } from '../../../shared/text/decision-text.ts'
import type { ProblemText } from '../../../shared/text/problem-text.ts'
import { engine } from '../../client/engine-client.ts'
import { baseName } from '../../../shared/format/path.ts'
import { usePages } from '../../hooks/use-pages.ts'
import { t } from '../../i18n/texts.ts'
import { textOfError } from '../../state/actions.ts'
import { refreshSnapshot, useEngineStore } from '../../state/engine-store.ts'
import { showToast } from '../../state/ui-store.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Notice } from '../ui/Notice.tsx'
import css from './dialog-text.module.css'
import { PagedList } from './PagedList.tsx'

const PAGE_SIZE = 200

type DecisionDialogProps = { readonly folder: FolderView; readonly kind: DecisionKind; readonly onClose: () => void }

/**
 * Asks what only a person may decide. What it asks about stays as it was when it opened, so that no number changes
 * under a hand about to press; the engine refuses an answer to a list that is no longer true, and then it asks anew.
 */
export function DecisionDialog({ folder, kind, onClose }: DecisionDialogProps) {
  const { folderId } = folder
  const live = folder.decisions.find((decision) => decision.kind === kind)
  const [asked, setAsked] = useState(live)
  const [problem, setProblem] = useState<ProblemText | null>(null)
  const [answering, setAnswering] = useState<'apply' | 'keep' | null>(null)

  const askAnew = useCallback(
    async (error: unknown) => {
      await refreshSnapshot()
      setAsked(currentDecision(folderId, kind))
      setProblem(textOfError(error))
    },
    [folderId, kind],
  )

  if (live === undefined || asked === undefined) return <NothingToDecide onClose={onClose} />
  const { listId } = asked
  const text = decisionText(asked, baseName(folder.root), folder.settings.deletionPolicy)

  async function decide(answer: 'apply' | 'keep'): Promise<void> {
    if (answering !== null) return
    setAnswering(answer)
    setProblem(null)
    try {
      await engine().decide({ folderId, kind, listId, answer })
      onClose()
      showToast(text.done[answer])
      await refreshSnapshot()
    } catch (error) {
      setAnswering(null)
      if (isOutOfDate(error)) await askAnew(error)
      else setProblem(textOfError(error))
    }
  }

  return (
    <Dialog
      size="wide"
      title={text.title}
      onClose={onClose}
      laterButton={
        <Button variant="quiet" onClick={onClose}>
          {t.decide.later}
        </Button>
      }
      safeButton={
        <Button isBusy={answering === 'keep'} onClick={() => void decide('keep')}>
          {text.keep.label}
        </Button>
      }
      actButton={
        <Button variant="danger" isBusy={answering === 'apply'} onClick={() => void decide('apply')}>
          {text.apply.label}
        </Button>
      }
    >
      <div className={css.stack}>
        {problem === null ? null : (
          <Notice tone="wait" role="alert" title={problem.title}>
            {problem.advice}
          </Notice>
        )}
        <p>{text.what}</p>
        <DecisionList key={listId} folderId={folderId} decision={asked} onOutOfDate={askAnew} />
        <div className={css.outcomes}>
          <p>
            <strong>{text.keep.label}:</strong> {text.keep.outcome}
          </p>
          <p>
            <strong>{text.apply.label}:</strong> {text.apply.outcome}
          </p>
          <p>{text.others}</p>
        </div>
      </div>
    </Dialog>
  )
}

type DecisionListProps = {
  readonly folderId: FolderId
  readonly decision: Decision
  readonly onOutOfDate: (error: unknown) => Promise<void>
}

/** Every file it is about; the samples until the first page has come. */
function DecisionList({ folderId, decision, onOutOfDate }: DecisionListProps) {
  const { listId } = decision
  const load = useCallback(
    async (after: RelativePath | undefined): Promise<readonly RelativePath[]> => {
      try {
        const place = after === undefined ? {} : { after }
        return await engine().listDecision({ folderId, listId, ...place, limit: PAGE_SIZE })
      } catch (error) {
        if (!isOutOfDate(error)) throw error
        await onOutOfDate(error)
        return []
      }
    },
    [folderId, listId, onOutOfDate],
  )
  const { rows, isLoaded, hasMore, failure, loadMore } = usePages(load, PAGE_SIZE)
  const shown = isLoaded ? rows : decision.samples
  const isComplete = isLoaded && !hasMore && failure === null
  return (
    <>
      <PagedList
        label={t.decide.list}
        rows={shown.map((path) => ({ path }))}
        onMore={isComplete ? null : loadMore}
        restCount={Math.max(0, decision.files - shown.length)}
      />
      {failure === null ? null : <p>{failure.advice}</p>}
    </>
  )
}

function NothingToDecide({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t.decide.overTitle} onClose={onClose} safeButton={<Button onClick={onClose}>{t.close}</Button>}>
      {t.decide.overText}
    </Dialog>
  )
}

/** The list is not what it was, or there is none any more. */
function isOutOfDate(error: unknown): boolean {
  return isEngineError(error, 'list_changed', 'not_found')
}

function currentDecision(folderId: FolderId, kind: DecisionKind): Decision | undefined {
  const folders = useEngineStore.getState().snapshot?.folders ?? []
  const folder = folders.find((candidate) => candidate.folderId === folderId)
  return folder?.decisions.find((decision) => decision.kind === kind)
}
