import { Copy } from 'lucide-react'
import { formatMoment } from '../../../shared/format/moment.ts'
import { baseName, visibleName } from '../../../shared/format/path.ts'
import type { Link, LinkTarget } from '../../../shared/model/link.ts'
import { problemText } from '../../../shared/text/problem-text.ts'
import { shell } from '../../client/shell-client.ts'
import { t } from '../../i18n/texts.ts'
import { attempt } from '../../state/actions.ts'
import { copiedText, type LinkQuestion } from '../../state/links.ts'
import { openDialog, showToast } from '../../state/ui-store.ts'
import { nameOf } from '../data/link-state.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Notice } from '../ui/Notice.tsx'
import { TextField } from '../ui/TextField.tsx'
import css from './dialog-text.module.css'
import { PagedList } from './PagedList.tsx'

/** So many reasons tell what went wrong. */
const SHOWN_REFUSED = 3

type LinksMadeDialogProps = { readonly made: LinkQuestion; readonly onClose: () => void }

type Refused = { readonly name: string; readonly title: string; readonly advice: string }

/** The links that were made, and why others were not. They are in the clipboard already. */
export function LinksMadeDialog({ made: { targets, answers }, onClose }: LinksMadeDialogProps) {
  const words = t.linksView.made
  const links = answers.flatMap((answer) => ('link' in answer ? answer.link : []))
  const refused = targets.flatMap((target, index) => refusalOf(target, answers[index]))
  const [only] = links
  const title = links.length === 0 ? words.none : links.length === 1 ? words.ready : words.many(links.length)
  return (
    <Dialog
      size="wide"
      title={title}
      onClose={onClose}
      laterButton={
        <Button
          variant="quiet"
          onClick={() => {
            openDialog({ kind: 'create-link' })
          }}
        >
          {words.another}
        </Button>
      }
      safeButton={
        <Button variant="primary" onClick={onClose}>
          {words.done}
        </Button>
      }
    >
      <div className={css.stack}>
        {only !== undefined && links.length === 1 ? <OneLink link={only} /> : null}
        {links.length > 1 ? <ManyLinks links={links} /> : null}
        {refused.slice(0, SHOWN_REFUSED).map(({ name, title: why, advice }) => (
          <Notice key={name} tone="wait" title={words.refused(name, why)}>
            {advice}
          </Notice>
        ))}
        {refused.length > SHOWN_REFUSED ? <p>{words.moreRefused(refused.length - SHOWN_REFUSED)}</p> : null}
      </div>
    </Dialog>
  )
}

function OneLink({ link }: { readonly link: Link }) {
  const words = t.linksView.made

  async function copy(): Promise<void> {
    await attempt(async () => {
      await shell.copyText({ text: link.url })
      showToast(copiedText([link]))
    })
  }

  return (
    <>
      <p>
        <strong>{visibleName(nameOf(link))}</strong>
      </p>
      <p>{whenItWorks(link)}</p>
      <TextField
        label={words.address}
        readOnly
        value={link.url}
        onFocus={({ currentTarget }) => {
          currentTarget.select()
        }}
        trailing={<IconButton label={words.copyAgain} icon={<Copy size={14} />} onClick={() => void copy()} />}
      />
      {link.opensToo === null ? null : <p>{words.alsoOpens}</p>}
    </>
  )
}

function ManyLinks({ links }: { readonly links: readonly Link[] }) {
  return (
    <>
      <p>{t.linksView.made.manyText}</p>
      <PagedList
        label={t.linksView.made.list}
        rows={links.map(({ shared, state }) => ({
          path: shared,
          ...(state === 'promised' ? { note: t.linksView.isOnItsWay } : {}),
        }))}
        onMore={null}
        restCount={null}
      />
    </>
  )
}

function whenItWorks({ state, behind, expiresAt }: Link): string {
  const words = t.linksView.made
  if (state === 'promised') {
    return behind === 'copy' || behind === 'index' ? words.beingMadeText : words.promisedText
  }
  return expiresAt === null ? words.publicText : words.readyText(formatMoment(new Date(expiresAt)))
}

function refusalOf(target: LinkTarget, answer: LinkQuestion['answers'][number] | undefined): readonly Refused[] {
  if (answer?.kind !== 'refused') return []
  const name = baseName(target.kind === 'object' ? target.url : target.path)
  return [{ name: visibleName(name), ...problemText(answer.code, answer.details) }]
}
