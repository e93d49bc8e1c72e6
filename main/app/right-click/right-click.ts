/** Does what was chosen in the file manager's menu: copies links, or shows how files are. Waits for the engine where needed. */
import { MOST_LINKS } from '../../../shared/model/link.ts'
import type { AskedFile } from '../../../shared/model/right-click.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { exitReasonText, type EngineState } from '../engine-host/engine-state.ts'
import { texts } from '../i18n/texts.ts'
import type { WantedLinks } from '../links/copy-links.ts'
import { noLinksNews } from '../links/link-news.ts'
import type { News } from '../notifications/news.ts'
import { placeOf } from './place-of.ts'
import type { RightClickRequest } from './request.ts'

export type RightClickOptions = {
  readonly snapshot: () => EngineSnapshot | null
  /** Makes links, copies them and says so. Does not throw. */
  readonly copyLinks: (wanted: WantedLinks) => Promise<void>
  readonly tell: (news: News) => void
  readonly openWindow: () => void
  readonly showFiles: (files: readonly AskedFile[]) => void
}

export class RightClick {
  readonly #options: RightClickOptions
  #waiting: RightClickRequest[] = []
  /** One after the other: what was asked for last is in the clipboard in the end. */
  #copying: Promise<void> = Promise.resolve()

  constructor(options: RightClickOptions) {
    this.#options = options
  }

  /** Takes a request; what it needs the engine for waits until that is there. */
  take(request: RightClickRequest): void {
    const { tell, openWindow } = this.#options
    const isShow = request.action === 'show'
    if (isShow) openWindow()
    if (request.paths.length === 0) {
      tell(noLinksNews([], isShow ? texts().news.notHereToShow : texts().news.notHere))
    } else if (!isShow && request.paths.length > MOST_LINKS) {
      tell(noLinksNews([], texts().news.tooManyLinks(MOST_LINKS)))
    } else {
      this.#waiting.push(request)
      this.goOn()
    }
  }

  /** Does what has waited, if it can be done now. */
  goOn(): void {
    const snapshot = this.#options.snapshot()
    if (snapshot === null) return
    for (const request of this.#waiting.splice(0)) {
      if (request.action === 'show') this.#show(request, snapshot)
      else this.#copying = this.#copying.then(() => this.#copy(request))
    }
  }

  /** An engine that stays down does nothing of what waits. */
  engineStateChanged(state: EngineState): void {
    if (state.kind !== 'failed') return
    for (const { action } of this.#waiting.splice(0)) {
      if (action === 'copy-link') this.#options.tell(noLinksNews([], exitReasonText(state.reason)))
    }
  }

  #show({ paths }: RightClickRequest, { folders }: EngineSnapshot): void {
    this.#options.showFiles(paths.map((path) => ({ path, place: placeOf(path, folders) })))
  }

  #copy({ paths, unusable }: RightClickRequest): Promise<void> {
    const targets = paths.map((path) => ({ kind: 'local', path }) as const)
    return this.#options.copyLinks({ targets, copiedTo: 'file-manager', unusable })
  }
}
