/** The register as far as a person has looked into it: pages that come as one scrolls, and anew whenever it has changed. */
import type { Link, LinkQuery } from '../../../shared/model/link.ts'
import type { ProblemText } from '../../../shared/text/problem-text.ts'

/** Links of one question; the engine gives no more at once. */
const PAGE = 200

export type LinkListState = {
  /** Newest first. */
  readonly links: readonly Link[]
  /** False until the first page has come. */
  readonly isLoaded: boolean
  /** Whether there are older ones. */
  readonly hasMore: boolean
  /** Why the last question was not answered; null when it was. */
  readonly failure: ProblemText | null
}

export type LinkListSources = {
  readonly ask: (query: LinkQuery) => Promise<readonly Link[]>
  readonly textOf: (error: unknown) => ProblemText
}

export class LinkList {
  readonly #query: Pick<LinkQuery, 'which' | 'text'>
  readonly #sources: LinkListSources
  readonly #listeners = new Set<() => void>()
  #state: LinkListState = { links: [], isLoaded: false, hasMore: true, failure: null }
  #wanted = PAGE
  #revision: number | null = null
  #isStale = true
  #isAsking = false

  constructor(query: Pick<LinkQuery, 'which' | 'text'>, sources: LinkListSources) {
    this.#query = query
    this.#sources = sources
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  readonly state = (): LinkListState => this.#state

  /** Asks anew where the register is another one than at the last look. */
  look(revision: number): void {
    if (revision === this.#revision) return
    this.#revision = revision
    this.renew()
  }

  /** Asks for everything that is known once more, also after a failure. */
  renew(): void {
    this.#isStale = true
    void this.#ask()
  }

  /** The last link that is known came into sight. */
  more(): void {
    if (!this.#state.hasMore || this.#state.failure !== null) return
    this.#wanted = this.#state.links.length + PAGE
    void this.#ask()
  }

  /** One question at a time; what was wished for meanwhile comes after. */
  async #ask(): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    try {
      while (this.#isStale || (this.#state.hasMore && this.#state.links.length < this.#wanted)) {
        const known = this.#isStale ? [] : this.#state.links
        this.#isStale = false
        await this.#read(known)
      }
    } catch (error) {
      this.#set({ ...this.#state, failure: this.#sources.textOf(error) })
    } finally {
      this.#isAsking = false
    }
  }

  async #read(known: readonly Link[]): Promise<void> {
    const links = [...known]
    let hasMore = true
    while (hasMore && links.length < this.#wanted) {
      const last = links.at(-1)
      const before = last === undefined ? {} : { before: last.linkId }
      const page = await this.#sources.ask({ ...this.#query, ...before, limit: PAGE })
      links.push(...page)
      hasMore = page.length === PAGE
    }
    this.#set({ links: this.#alike(links), isLoaded: true, hasMore, failure: null })
  }

  /** A link that says the same is the same, so that its row is not drawn again. */
  #alike(links: readonly Link[]): readonly Link[] {
    const known = new Map(this.#state.links.map((link) => [link.linkId, link]))
    return links.map((link) => {
      const before = known.get(link.linkId)
      return before !== undefined && JSON.stringify(before) === JSON.stringify(link) ? before : link
    })
  }

  #set(state: LinkListState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}
