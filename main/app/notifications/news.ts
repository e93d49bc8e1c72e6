/** Pure: what is worth telling a person who is not looking at the window, by kind, many at once as one. */
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { passesByItself, type Problem } from '../../../shared/model/problem.ts'
import { EngineError, isEngineError } from '../../../shared/errors.ts'
import { formatMoment } from '../../../shared/format/moment.ts'
import type { LinkNews } from '../../../shared/model/link.ts'
import { baseName, visibleName } from '../../../shared/format/path.ts'
import { problemText } from '../../../shared/text/problem-text.ts'
import type { RequestedView } from '../../../shared/contract/shell-api.ts'
import { texts } from '../i18n/texts.ts'

export type News = {
  readonly title: string
  readonly body: string
  /** Where a click leads. */
  readonly view: RequestedView
}

/** The open problems that only a person can end, in the engine's order. */
export function problemsForPerson(snapshot: EngineSnapshot): readonly Problem[] {
  return snapshot.problems.filter(({ code }) => !passesByItself(code))
}

/** One message for all of them; null for none. */
export function problemNews(problems: readonly Problem[]): News | null {
  const [first] = problems
  if (first === undefined) return null
  const { title, advice } = problemText(first.code, first.details)
  if (problems.length === 1) {
    return { title, body: first.path === null ? advice : `${visibleName(first.path)}\n${advice}`, view: 'problems' }
  }
  const titles = new Set(problems.map(({ code, details }) => problemText(code, details).title))
  if (titles.size === 1) {
    return { title, body: problems.every(({ path }) => path !== null) ? filesNews(problems) : advice, view: 'problems' }
  }
  return { title: texts().news.problems(problems.length), body: [...titles].slice(0, 3).join('\n'), view: 'problems' }
}

function filesNews(problems: readonly Problem[]): string {
  const names = problems.slice(0, 3).flatMap(({ path }) => (path === null ? [] : visibleName(path)))
  return texts().news.files(problems.length, [...names, ...(problems.length > names.length ? ['...'] : [])].join(', '))
}

/** All that was to be sent is in B2, after work that took a while. */
export function finishedNews(files: number): News {
  return { title: texts().news.finished, body: texts().news.finishedFiles(files), view: 'overview' }
}

/** What became of a link that was copied before. */
export function laterLinkNews({ kind, name: raw, code, expiresAt }: LinkNews): News {
  const name = visibleName(raw)
  const t = texts().news
  switch (kind) {
    case 'ready':
      return { title: t.linkReady, body: name, view: 'links' }
    case 'expires-soon':
      return { title: t.linkEnds, body: t.linkWorks(name, formatMoment(new Date(expiresAt ?? 0))), view: 'links' }
    case 'failed':
      return failedLinkNews(raw, new EngineError(code ?? 'bug', 'The promise cannot be kept'))
  }
}

/** A link that a person asked for from outside the window did not come about. */
export function failedLinkNews(path: string, error: unknown): News {
  const { title, advice } = isEngineError(error) ? problemText(error.code, error.details) : problemText('bug')
  return { title: texts().news.noLink(visibleName(baseName(path))), body: `${title}. ${advice}`, view: 'overview' }
}
