/** Tells a person outside the window what needs them: once, many at once as one message, and nothing while they look. */
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { exitReasonText, type EngineState } from '../engine-host/engine-state.ts'
import { healthyAfterMs } from '../engine-host/restart-policy.ts'
import { finishedNews, laterLinkNews, problemNews, problemsForPerson, type News } from './news.ts'
import { texts } from '../i18n/texts.ts'
import type { NotificationKind } from '../../../shared/model/shell-settings.ts'

export type NotifierOptions = {
  readonly show: (news: News) => void
  /** Whether the window is in front: who sees it needs no message. */
  readonly isWatched: () => boolean
  readonly isWanted: (kind: NotificationKind) => boolean
}

/** What goes wrong together is told together: a burst of failures takes a moment to be complete. */
const GATHER_MS = 3_000
/** Shorter work is the everyday saving of a file, and its end is no news. */
const LONG_WORK_MS = 60_000

export class Notifier {
  readonly #options: NotifierOptions
  /** Problems that a person has been told of, or has seen in the window. */
  #known = new Set<string>()
  #knownLinkNews: ReadonlySet<string> = new Set()
  #snapshot: EngineSnapshot | null = null
  #gathering: NodeJS.Timeout | undefined
  /** When the sending began that is going on, on the monotonic clock; null while nothing is sent. */
  #sendingSince: number | null = null
  /** Since when the engine runs, on the monotonic clock; null while it does not. */
  #runsSince: number | null = null
  /** What a person was last told of the engine's end, since it was healthy. */
  #toldOfEngine: 'restarting' | 'failed' | null = null

  constructor(options: NotifierOptions) {
    this.#options = options
  }

  snapshotChanged(snapshot: EngineSnapshot): void {
    this.#snapshot = snapshot
    this.#watchTheWork(snapshot)
    this.#tellOfLinks(snapshot)
    const open = problemsForPerson(snapshot)
    const ids = new Set(open.map(({ problemId }) => problemId))
    this.#known = new Set([...this.#known].filter((id) => ids.has(id)))
    if (open.some(({ problemId }) => !this.#known.has(problemId))) {
      this.#gathering ??= setTimeout(() => {
        this.#tellProblems()
      }, GATHER_MS)
    }
  }

  /** A crash is told once, however often it happens again before the engine was healthy; that it stays down, once more. */
  engineStateChanged(state: EngineState): void {
    const now = performance.now()
    if (this.#runsSince !== null && now - this.#runsSince >= healthyAfterMs) this.#toldOfEngine = null
    this.#runsSince = state.kind === 'running' ? now : null
    // Somebody has started it again.
    if (state.kind === 'running' && this.#toldOfEngine === 'failed') this.#toldOfEngine = null
    if (state.kind !== 'restarting' && state.kind !== 'failed') return
    if (this.#toldOfEngine === state.kind || this.#toldOfEngine === 'failed') return
    this.#toldOfEngine = state.kind
    this.#tell('needs-you', {
      title: state.kind === 'failed' ? texts().news.engineStopped : texts().news.engineRestarted,
      body: exitReasonText(state.reason),
      view: 'overview',
    })
  }

  stop(): void {
    clearTimeout(this.#gathering)
  }

  #tellProblems(): void {
    this.#gathering = undefined
    const open = this.#snapshot === null ? [] : problemsForPerson(this.#snapshot)
    const unknown = open.filter(({ problemId }) => !this.#known.has(problemId))
    for (const { problemId } of unknown) this.#known.add(problemId)
    const news = problemNews(unknown)
    if (news !== null) this.#tell('needs-you', news)
  }

  /** Who has copied a link waits for it wherever they look; the window says it nowhere else. */
  #tellOfLinks({ links: { news } }: EngineSnapshot): void {
    const unknown = news.filter(({ newsId }) => !this.#knownLinkNews.has(newsId))
    this.#knownLinkNews = new Set(news.map(({ newsId }) => newsId))
    for (const each of unknown) if (this.#options.isWanted('link-ready')) this.#options.show(laterLinkNews(each))
  }

  #watchTheWork({ status }: EngineSnapshot): void {
    const now = performance.now()
    if (status.kind === 'sending') {
      this.#sendingSince ??= now
      return
    }
    // Between two files it may look around; only what ends the work counts.
    if (status.kind === 'checking' || status.kind === 'waiting') return
    const since = this.#sendingSince
    this.#sendingSince = null
    if (since === null || status.kind !== 'up-to-date' || now - since < LONG_WORK_MS) return
    this.#tell('finished', finishedNews(status.files))
  }

  #tell(kind: NotificationKind, news: News): void {
    if (this.#options.isWanted(kind) && !this.#options.isWatched()) this.#options.show(news)
  }
}
