/** The register as clients see it. */
import type { ErrorCode } from '../../../shared/errors.ts'
import type { UnixMs } from '../../../shared/ids.ts'
import type { Link, LinkNews } from '../../../shared/model/link.ts'
import type { Clock } from '../lib/clock.ts'
import type { StoredLink } from '../model/link.ts'
import { lastPart } from './object-url.ts'

/** News that clients are given; they tell them at once or not at all. */
const MOST_NEWS = 8

export function asLink(stored: StoredLink, now: UnixMs): Link {
  const isOver = isActive(stored) && stored.expiresAt !== null && stored.expiresAt <= now
  return {
    linkId: stored.linkId,
    url: stored.url,
    state: isOver ? 'expired' : stored.state,
    code: stored.code,
    shared: stored.shared,
    isFolder: stored.isFolder,
    folderId: stored.folderId,
    path: stored.path,
    bucketName: stored.bucketName,
    isPublic: stored.isPublic,
    behind: stored.behind,
    createdAt: stored.createdAt,
    expiresAt: stored.expiresAt,
    validSeconds: stored.validSeconds,
    copiedTo: stored.copiedTo,
    endedAt: stored.endedAt,
    // Of a folder the list goes, and whoever has saved an address from it can use that until the end.
    outlivesEnd: stored.behind === 'original' || stored.behind === 'index',
    opensToo: stored.opensToo,
    isGone: stored.state === 'ready' && !isOver && stored.goneSince !== null,
    isAccepted: stored.opensToo !== null && stored.opensTooSince === null,
  }
}

function isActive({ state }: StoredLink): boolean {
  return state === 'promised' || state === 'ready'
}

/** What is worth telling, of this run. */
export class NewsList {
  readonly #clock: Clock
  #all: readonly LinkNews[] = []
  #count = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get all(): readonly LinkNews[] {
    return this.#all
  }

  add({ linkId, shared, expiresAt }: StoredLink, kind: LinkNews['kind'], code: ErrorCode | null): void {
    this.#count += 1
    // Another run counts anew: the time tells its news from those of this one.
    const newsId = `${this.#clock.now()}-${this.#count}`
    const news = { newsId, linkId, kind, name: lastPart(shared.replaceAll('\\', '/')), code, expiresAt }
    this.#all = [...this.#all, news].slice(-MOST_NEWS)
  }
}
