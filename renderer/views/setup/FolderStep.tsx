import { Folder, FolderOpen } from 'lucide-react'
import { useState } from 'react'
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { Bucket } from '../../../shared/model/account.ts'
import type { ProblemText } from '../../../shared/text/problem-text.ts'
import { engine } from '../../client/engine-client.ts'
import { shell } from '../../client/shell-client.ts'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { TextField } from '../../components/ui/TextField.tsx'
import { baseName, defaultPrefix, MAX_PREFIX_LENGTH, normalisePrefix } from '../../../shared/format/path.ts'
import { t } from '../../i18n/texts.ts'
import { textOfError } from '../../state/actions.ts'
import { refreshSnapshot } from '../../state/engine-store.ts'
import css from './FolderStep.module.css'
import { StepFrame, type StepPlace } from './StepFrame.tsx'
import { useFolderPreview, type FolderPreview } from './use-folder-preview.ts'

/** What was chosen so far; kept while going back. */
export type FolderDraft = { readonly root: AbsolutePath; readonly prefix: string }

type FolderStepProps = {
  readonly place: StepPlace
  readonly bucket: Bucket
  /** Names the key may touch start with this. */
  readonly keyPrefix: string
  readonly draft: FolderDraft | null
  readonly onDraft: (draft: FolderDraft) => void
  readonly onBack: () => void
  readonly onDone: () => void
}

/** The last question: the folder, with what it holds and where it goes. */
export function FolderStep({ place, bucket, keyPrefix, draft, onDraft, onBack, onDone }: FolderStepProps) {
  const words = t.setup.folder
  const [problem, setProblem] = useState<ProblemText | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const preview = useFolderPreview(draft?.root ?? null)

  async function choose(): Promise<void> {
    setProblem(null)
    try {
      const root = await shell.chooseFolder(undefined)
      if (root !== null) onDraft({ root, prefix: defaultPrefix(root, keyPrefix) })
    } catch (error) {
      setProblem(textOfError(error))
    }
  }

  async function start(): Promise<void> {
    if (draft === null || isBusy) return
    setIsBusy(true)
    setProblem(null)
    try {
      const { root, prefix } = draft
      await engine().addFolder({ root, bucketId: bucket.bucketId, prefix: normalisePrefix(prefix) })
      await refreshSnapshot()
      onDone()
    } catch (error) {
      setProblem(textOfError(error))
      setIsBusy(false)
    }
  }

  const amount = preview.kind === 'ready' ? words.count(preview.files, preview.bytes, preview.complete) : null
  return (
    <StepFrame
      place={place}
      title={words.title}
      intro={words.intro}
      points={words.points(amount)}
      onSubmit={() => void (draft === null ? choose() : start())}
      leftButtons={
        <Button size="large" onClick={onBack}>
          {t.back}
        </Button>
      }
      rightButtons={
        <Button variant="primary" size="large" type="submit" isBusy={isBusy} disabled={draft === null}>
          {isBusy ? words.startingSync : words.start}
        </Button>
      }
    >
      {draft === null ? (
        <div className={css.drop}>
          <FolderOpen size={24} className={css.icon} aria-hidden />
          <p>{words.none}</p>
          <Button autoFocus onClick={() => void choose()}>
            {words.choose}
          </Button>
        </div>
      ) : (
        <>
          <div className={css.folder}>
            <Folder size={20} className={css.icon} aria-hidden />
            <div className={css.what}>
              <p className={css.name}>
                <PathLabel text={baseName(draft.root)} />
              </p>
              <p className={css.path}>
                <PathLabel text={draft.root} />
              </p>
              <PreviewLine preview={preview} />
            </div>
            <Button autoFocus onClick={() => void choose()}>
              {words.chooseOther}
            </Button>
          </div>
          <TextField
            label={words.place}
            hint={words.placeHint}
            value={draft.prefix}
            maxLength={MAX_PREFIX_LENGTH}
            onChange={(event) => {
              onDraft({ ...draft, prefix: event.target.value })
            }}
            onBlur={() => {
              onDraft({ ...draft, prefix: normalisePrefix(draft.prefix) })
            }}
          />
          <p className={css.destination}>
            <span className={css.label}>{words.destination}</span>
            <PathLabel text={`${bucket.bucketName}/${normalisePrefix(draft.prefix)}`} />
          </p>
        </>
      )}
      {problem === null ? null : (
        <Notice tone="danger" role="alert" title={problem.title}>
          {problem.advice}
        </Notice>
      )}
    </StepFrame>
  )
}

// Always a line high, so that nothing moves when the numbers come.
function PreviewLine({ preview }: { readonly preview: FolderPreview }) {
  const words = t.setup.folder
  if (preview.kind === 'failed') return <p className={css.failed}>{preview.problem.advice}</p>
  if (preview.kind !== 'ready') return <p className={css.count}>{words.counting}</p>
  return (
    <>
      <p className={css.count} data-testid="folder-preview">
        {words.count(preview.files, preview.bytes, preview.complete)}
      </p>
      {preview.skipped > 0 ? <p className={css.path}>{words.skipped(preview.skipped)}</p> : null}
      {preview.unreadable > 0 ? <p className={css.unreadable}>{words.unreadable(preview.unreadable)}</p> : null}
    </>
  )
}
