/** Copying links: asks the engine, asks a person where the engine wants that, and puts what comes of it into the clipboard. */
import { formatMoment } from '../../shared/format/moment.ts'
import type { Link, LinkAnswer, LinkId, LinkPlace, LinkRequest, LinkTarget } from '../../shared/model/link.ts'
import { problemText, type ProblemText } from '../../shared/text/problem-text.ts'
import { engine } from '../client/engine-client.ts'
import { shell } from '../client/shell-client.ts'
import { t } from '../i18n/texts.ts'
import { attempt } from './actions.ts'
import { refreshSnapshot } from './engine-store.ts'
import { closeDialog, openDialog, showToast, useUiStore } from './ui-store.ts'

/** Links that are asked for together, with an answer for each. */
export type LinkQuestion = {
  readonly targets: readonly LinkTarget[]
  readonly answers: readonly LinkAnswer[]
  readonly copiedTo: LinkPlace
  /** A week where it is not said. */
  readonly validSeconds?: number | undefined
  /** What comes of it is shown, and not only told at the edge of the window. */
  readonly isShown?: boolean
}

/** What a person says about those that the engine asks about. */
export type LinkChoice = Partial<Pick<LinkRequest, 'onSiblings' | 'onOutside'>>

/** Puts links to these into the clipboard, one a line, after a question where one is needed. */
export async function copyLinks(targets: readonly LinkTarget[], copiedTo: LinkPlace = 'window'): Promise<void> {
  await attempt(async () => {
    const answers = await ask({ targets, copiedTo })
    await goOn({ targets, answers, copiedTo })
  })
}

/** Goes on with links that the engine was asked for elsewhere: with the question, if there is one. */
export async function goOnWithLinks(question: LinkQuestion): Promise<void> {
  await attempt(() => goOn(question))
}

/**
 * Makes links that work for so long, and shows what came of it. Gives why the only one was refused; null for everything else.
 * Throws what the engine throws.
 */
export async function makeLinks(targets: readonly LinkTarget[], validSeconds: number): Promise<ProblemText | null> {
  const wish = { targets, copiedTo: 'window', validSeconds } as const
  const answers = await ask(wish)
  const [first] = answers
  if (answers.length === 1 && first?.kind === 'refused') return problemText(first.code, first.details)
  await goOn({ ...wish, answers, isShown: true })
  return null
}

/** Asks once more for those that were in question, and goes on as before. The question stays where that fails. */
export async function answerLinks(question: LinkQuestion, choice: LinkChoice): Promise<void> {
  await attempt(async () => {
    const { targets, answers } = question
    const kind = choice.onSiblings === undefined ? 'outside' : 'siblings'
    const again = targets.filter((_, at) => answers[at]?.kind === kind)
    const fresh = [...(await ask({ ...question, targets: again }, choice))]
    const merged = answers.map((answer) => (answer.kind === kind ? (fresh.shift() ?? answer) : answer))
    leave(question)
    await goOn({ ...question, answers: merged })
  })
}

/** A person wants none of those in question: what was made of the others is copied. */
export async function declineLinks(question: LinkQuestion): Promise<void> {
  await attempt(async () => {
    const { answers, targets } = question
    const isLeft = answers.map(({ kind }) => kind !== 'siblings' && kind !== 'outside')
    leave(question)
    await finish({
      ...question,
      targets: targets.filter((_, at) => isLeft[at]),
      answers: answers.filter((_, at) => isLeft[at]),
    })
  })
}

/** Another dialog that stands there by now stays. */
function leave(question: LinkQuestion): void {
  const { dialog } = useUiStore.getState()
  if (dialog?.kind === 'link' && dialog.question === question) closeDialog()
}

type Wish = Pick<LinkQuestion, 'targets' | 'copiedTo' | 'validSeconds'>

function ask({ targets, copiedTo, validSeconds }: Wish, choice: LinkChoice = {}): Promise<LinkAnswer[]> {
  const howLong = validSeconds === undefined ? {} : { validSeconds }
  const asked = { onSiblings: 'ask', onOutside: 'ask', ...choice } as const
  return engine().createLinks({ targets: [...targets], copiedTo, ...asked, ...howLong })
}

async function goOn(question: LinkQuestion): Promise<void> {
  const isAsked = question.answers.some(({ kind }) => kind === 'siblings' || kind === 'outside')
  if (isAsked) openDialog({ kind: 'link', question })
  else await finish(question)
}

async function finish(question: LinkQuestion): Promise<void> {
  const { answers, isShown = false } = question
  const links = answers.flatMap((answer) => (answer.kind === 'ready' || answer.kind === 'promised' ? answer.link : []))
  if (links.length > 0) await shell.copyText({ text: links.map(({ url }) => url).join('\n') })
  await refreshSnapshot()
  if (isShown) {
    if (answers.length > 0) openDialog({ kind: 'links-made', question })
    return
  }
  const refused = answers.find((answer) => answer.kind === 'refused')
  if (refused !== undefined) {
    const { title, advice } = problemText(refused.code, refused.details)
    showToast(`${title}. ${advice}`, 'danger')
  } else if (links.length > 0) showToast(copiedText(links))
}

/** That they are in the clipboard, and how long they work. */
export function copiedText(links: readonly Link[]): string {
  const ends = links.flatMap(({ expiresAt }) => expiresAt ?? [])
  const until = ends.length === 0 ? null : formatMoment(new Date(Math.min(...ends)))
  const promised = links.filter(({ state }) => state === 'promised').length
  if (links.length > 1) {
    const copied = t.toast.linksCopied(links.length, until)
    return promised === 0 ? copied : `${copied} ${t.links.somePromised(promised)}`
  }
  if (promised > 0) return t.links.promised
  return until === null ? t.toast.publicLinkCopied : t.toast.linkCopied(until)
}

/** The names that a link opens too are meant to be opened. */
export async function acceptSiblings(linkId: LinkId): Promise<void> {
  await attempt(async () => {
    await engine().acceptSiblings({ linkId })
    await refreshSnapshot()
  })
}
