import { FileUp, FolderUp } from 'lucide-react'
import { useId, useState, type SyntheticEvent } from 'react'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { baseName } from '../../../shared/format/path.ts'
import type { LinkTarget } from '../../../shared/model/link.ts'
import type { RecentFile } from '../../../shared/model/snapshot.ts'
import type { ProblemText } from '../../../shared/text/problem-text.ts'
import { shell } from '../../client/shell-client.ts'
import { useFolderNames } from '../../hooks/use-folder-names.ts'
import { t } from '../../i18n/texts.ts'
import { attempt, textOfError } from '../../state/actions.ts'
import { useEngineStore } from '../../state/engine-store.ts'
import { LINK_PERIODS, PERIOD_SECONDS, type LinkPeriod } from '../../state/link-register.ts'
import { makeLinks } from '../../state/links.ts'
import { Button } from '../ui/Button.tsx'
import { Choice } from '../ui/Choice.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Notice } from '../ui/Notice.tsx'
import { TextField } from '../ui/TextField.tsx'
import css from './CreateLinkDialog.module.css'
import { isObjectUrl } from './object-url.ts'
import { WhatToShare, type Shareable } from './WhatToShare.tsx'

const FORM = 'create-link'

type CreateLinkDialogProps = { readonly onClose: () => void }

/** Asks what is to be shared and for how long; what comes of it, or has to be asked about it, takes this one's place. */
export function CreateLinkDialog({ onClose }: CreateLinkDialogProps) {
  const words = t.linksView.createDialog
  const recent = useRecentFiles()
  const [picked, setPicked] = useState<readonly AbsolutePath[]>([])
  const [chosen, setChosen] = useState<string | null>(null)
  const [address, setAddress] = useState('')
  const [period, setPeriod] = useState<LinkPeriod>('week')
  const [isWrong, setIsWrong] = useState(false)
  const [problem, setProblem] = useState<ProblemText | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const periodLabel = useId()
  const shareables = [...(picked.length === 0 ? [] : [pickedFiles(picked)]), ...recent]
  const typed = address.trim()
  const targets =
    typed === ''
      ? (shareables.find(({ key }) => key === chosen)?.targets ?? [])
      : [{ kind: 'object', url: typed } as const]

  function change(): void {
    setProblem(null)
    setIsWrong(false)
  }

  async function pick(isFolders: boolean): Promise<void> {
    await attempt(async () => {
      const paths = await shell.chooseToDrop({ isFolders })
      if (paths.length === 0) return
      change()
      setPicked(paths)
      setChosen(PICKED)
      setAddress('')
    })
  }

  async function make(event: SyntheticEvent): Promise<void> {
    event.preventDefault()
    if (isBusy || targets.length === 0) return
    if (typed !== '' && !isObjectUrl(typed)) {
      setIsWrong(true)
      return
    }
    setIsBusy(true)
    setProblem(null)
    try {
      setProblem(await makeLinks(targets, PERIOD_SECONDS[period]))
    } catch (error) {
      setProblem(textOfError(error))
    }
    setIsBusy(false)
  }

  return (
    <Dialog
      size="wide"
      title={t.linksView.create}
      onClose={onClose}
      safeButton={<Button onClick={onClose}>{t.cancel}</Button>}
      actButton={
        <Button variant="primary" type="submit" form={FORM} isBusy={isBusy} disabled={targets.length === 0}>
          {words.make}
        </Button>
      }
    >
      <form id={FORM} noValidate className={css.form} onSubmit={(event) => void make(event)}>
        <WhatToShare
          shareables={shareables}
          chosen={typed === '' ? chosen : null}
          onChoose={(key) => {
            change()
            setChosen(key)
            setAddress('')
          }}
        >
          <Button icon={<FileUp size={14} aria-hidden />} onClick={() => void pick(false)}>
            {words.chooseFiles}
          </Button>
          <Button icon={<FolderUp size={14} aria-hidden />} onClick={() => void pick(true)}>
            {words.chooseFolder}
          </Button>
        </WhatToShare>
        <TextField
          label={words.address}
          placeholder="b2://"
          value={address}
          maxLength={2000}
          error={isWrong ? words.addressWrong : null}
          onChange={({ target }) => {
            change()
            setAddress(target.value)
          }}
        />
        <div className={css.field}>
          <span id={periodLabel} className={css.label}>
            {words.period}
          </span>
          <Choice
            label={words.period}
            value={period}
            options={LINK_PERIODS.map((value) => ({ value, label: t.linksView.periods[value] }))}
            onValue={setPeriod}
          />
          <p className={css.hint}>{words.periodHint}</p>
        </div>
        {problem === null ? null : (
          <Notice role="alert" tone="danger" title={problem.title}>
            {problem.advice}
          </Notice>
        )}
      </form>
    </Dialog>
  )
}

const PICKED = 'picked'

function pickedFiles(paths: readonly AbsolutePath[]): Shareable {
  const [first] = paths
  return {
    key: PICKED,
    label: paths.length === 1 && first !== undefined ? first : t.linksView.createDialog.chosen(paths.length),
    title: paths.join('\n'),
    targets: paths.map((path): LinkTarget => ({ kind: 'local', path })),
  }
}

/** The files that came into B2 last, as they were when the dialog opened: nothing moves under a hand. */
function useRecentFiles(): readonly Shareable[] {
  const snapshot = useEngineStore((state) => state.snapshot)
  const [recent] = useState<readonly RecentFile[]>(snapshot?.recent ?? [])
  const folderName = useFolderNames(snapshot?.folders ?? [])
  return recent.map(({ folderId, path }) => ({
    key: `${folderId} ${path}`,
    label: [folderName(folderId) ?? '', path].filter((part) => part !== '').join('/'),
    title: baseName(path),
    targets: [{ kind: 'file', folderId, path }],
  }))
}
