/** Copies links that a person asks for where there is no window: in the tray, or in the system's file manager. */
import type { z } from 'zod'
import type { ShellEvents } from '../../../shared/contract/shell-api.ts'
import { isEngineError } from '../../../shared/errors.ts'
import type { LinkAnswer, LinkPlace, LinkRequest, LinkTarget } from '../../../shared/model/link.ts'
import { problemText } from '../../../shared/text/problem-text.ts'
import type { Log } from '../logging.ts'
import type { News } from '../notifications/news.ts'
import { noLinksNews, outcomeNews } from './link-news.ts'

export type LinkCopierOptions = {
  readonly createLinks: (request: LinkRequest) => Promise<readonly LinkAnswer[]>
  readonly writeText: (text: string) => Promise<void> | void
  readonly tell: (news: News) => void
  /** Whether it is told that all links were copied; that one could not be is always told. */
  readonly isNewsWanted: () => boolean
  /** Has the window ask what is to be asked, and copy what comes of it. */
  readonly askInWindow: (question: z.infer<ShellEvents['linksRequested']>) => void
  readonly log: Log
}

export type WantedLinks = {
  readonly targets: readonly LinkTarget[]
  readonly copiedTo: LinkPlace
  /** How many more were chosen that there can be no link to. */
  readonly unusable?: number
}

/** Puts links to these into the clipboard, one a line, and says so. Never throws. */
export async function copyLinks(
  { targets, copiedTo, unusable = 0 }: WantedLinks,
  { createLinks, writeText, tell, isNewsWanted, askInWindow, log }: LinkCopierOptions,
): Promise<void> {
  try {
    const answers = await createLinks({ targets: [...targets], copiedTo, onSiblings: 'ask', onOutside: 'ask' })
    if (answers.some(({ kind }) => kind === 'siblings' || kind === 'outside')) {
      askInWindow({ targets: [...targets], answers: [...answers], copiedTo })
      return
    }
    const links = answers.flatMap((answer) => ('link' in answer ? answer.link : []))
    if (links.length > 0) await writeText(links.map(({ url }) => url).join('\n'))
    const isComplete = links.length === targets.length + unusable
    if (!isComplete || isNewsWanted()) tell(outcomeNews(targets, answers, unusable))
  } catch (error) {
    log.warn(`Links failed: ${String(error)}`)
    const { title, advice } = isEngineError(error) ? problemText(error.code, error.details) : problemText('bug')
    tell(noLinksNews(targets, `${title}. ${advice}`))
  }
}
