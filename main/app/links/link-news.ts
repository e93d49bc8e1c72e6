/** Pure: what a person is told after asking for links where there is no window. */
import { formatMoment } from '../../../shared/format/moment.ts'
import { baseName, visibleName } from '../../../shared/format/path.ts'
import type { Link, LinkAnswer, LinkTarget } from '../../../shared/model/link.ts'
import { problemText } from '../../../shared/text/problem-text.ts'
import { texts } from '../i18n/texts.ts'
import type { News } from '../notifications/news.ts'

/**
 * What came of links that were asked for together, in one message. `unusable` of what was chosen besides is nothing that
 * there can be a link to.
 */
export function outcomeNews(targets: readonly LinkTarget[], answers: readonly LinkAnswer[], unusable: number): News {
  const links = answers.flatMap((answer) => ('link' in answer ? answer.link : []))
  const all = targets.length + unusable
  const notes = [...workingNote(links, all), ...refusalNote(targets, answers, all), ...unusableNote(unusable)]
  return { title: titleOf(targets, links.length, all), body: notes.join('\n') || namesOf(links), view: 'links' }
}

/** None was made, for one reason. */
export function noLinksNews(targets: readonly LinkTarget[], reason: string): News {
  return { title: titleOf(targets, 0, targets.length), body: reason, view: 'links' }
}

function titleOf(targets: readonly LinkTarget[], made: number, all: number): string {
  const t = texts().news
  if (made === all && all > 0) return all === 1 ? t.linkCopied : t.linksCopied(all)
  if (made > 0) return t.someLinksCopied(made, all)
  const [only] = targets
  return all === 1 && only !== undefined ? t.noLink(nameOf(only)) : t.noLinks
}

/** How long one link works; of several, how many do not yet. */
function workingNote(links: readonly Link[], all: number): readonly string[] {
  const t = texts().news
  const [first] = links
  if (first !== undefined && all === 1) {
    const name = shownName(first.shared)
    if (first.state === 'promised') return [t.linkPromised(name)]
    return [t.linkWorks(name, first.expiresAt === null ? null : formatMoment(new Date(first.expiresAt)))]
  }
  const promised = links.filter(({ state }) => state === 'promised').length
  return promised === 0 ? [] : [t.linksPromised(promised)]
}

/** Why the first of them was not made, and what to do about it. */
function refusalNote(targets: readonly LinkTarget[], answers: readonly LinkAnswer[], all: number): readonly string[] {
  for (const [index, answer] of answers.entries()) {
    const target = targets[index]
    if (answer.kind !== 'refused' || target === undefined) continue
    const { title, advice } = problemText(answer.code, answer.details)
    return [all === 1 ? `${title}. ${advice}` : `${texts().news.noLink(nameOf(target))}: ${title}. ${advice}`]
  }
  return []
}

function unusableNote(unusable: number): readonly string[] {
  return unusable === 0 ? [] : [texts().news.notHere]
}

function namesOf(links: readonly Link[]): string {
  const names = links.slice(0, 3).map(({ shared }) => shownName(shared))
  return [...names, ...(links.length > names.length ? ['...'] : [])].join(', ')
}

function nameOf(target: LinkTarget): string {
  return shownName(target.kind === 'object' ? target.url : target.path)
}

function shownName(path: string): string {
  return visibleName(baseName(path))
}
