/** Copies links that a person asks for where there is no window: in the tray. */
import type { LinkAnswer, LinkPlace, LinkRequest, LinkTarget } from '../../../shared/model/link.ts'
import { EngineError } from '../../../shared/errors.ts'
import type { Log } from '../logging.ts'
import { failedLinkNews, linkNews, type News } from '../notifications/news.ts'

export type LinkCopierOptions = {
  readonly createLinks: (request: LinkRequest) => Promise<readonly LinkAnswer[]>
  readonly writeText: (text: string) => Promise<void> | void
  readonly tell: (news: News) => void
  /** Whether it is told that a link was copied; that none could be is always told. */
  readonly isNewsWanted: () => boolean
  /** Has the window ask what is to be asked, and copy what comes of it. */
  readonly askInWindow: (targets: readonly LinkTarget[], copiedTo: LinkPlace) => void
  readonly log: Log
}

/** Puts links to these into the clipboard, one a line, and says so. `name` is what they are called together. Never throws. */
export async function copyLinks(
  targets: readonly LinkTarget[],
  copiedTo: LinkPlace,
  name: string,
  { createLinks, writeText, tell, isNewsWanted, askInWindow, log }: LinkCopierOptions,
): Promise<void> {
  try {
    const answers = await createLinks({ targets: [...targets], copiedTo, onSiblings: 'ask', onOutside: 'ask' })
    if (answers.some(({ kind }) => kind === 'siblings' || kind === 'outside')) {
      askInWindow(targets, copiedTo)
      return
    }
    const links = answers.flatMap((answer) => ('link' in answer ? answer.link : []))
    if (links.length > 0) await writeText(links.map(({ url }) => url).join('\n'))
    const refused = answers.find((answer) => answer.kind === 'refused')
    if (refused !== undefined) throw new EngineError(refused.code, 'No link was made', refused.details)
    if (isNewsWanted()) tell(linkNews(name, links))
  } catch (error) {
    log.warn(`A link failed: ${String(error)}`)
    tell(failedLinkNews(name, error))
  }
}
