/**
 * The hosts that links have instead of B2's: for buckets that are reached through a network of one's own, such as
 * Cloudflare's, which passes the paths on as they are.
 */
import { isEngineError } from '../../../shared/errors.ts'
import { linkOrigin, type LinkDomain, type LinkDomains, type LinkHostAnswer } from '../../../shared/model/link.ts'
import type { Http } from '../b2/http.ts'
import type { Settings } from '../state/settings.ts'

export type LinkDomainsOptions = {
  readonly settings: Pick<Settings, 'linkDomains' | 'setLinkDomains'>
  /** Runs one all-or-nothing step of the state. */
  readonly transaction: (step: () => void) => void
  readonly http: Pick<Http, 'open'>
}

export class LinkDomainKeeper {
  readonly #options: LinkDomainsOptions

  constructor(options: LinkDomainsOptions) {
    this.#options = options
  }

  get all(): LinkDomains {
    return this.#options.settings.linkDomains()
  }

  /** How links to a bucket's files begin instead of as B2 says; null for as B2 says. */
  originFor(bucketId: string): string | null {
    const domain = this.all[bucketId]
    return domain === undefined ? null : linkOrigin(domain.host)
  }

  /**
   * Sets a bucket's host for all links from now on, or takes it away, and asks the host once whether it is there. It counts
   * whatever the host does. Throws the signal's reason while it is asked.
   */
  async set(bucketId: string, host: string | null, signal: AbortSignal): Promise<LinkDomain | null> {
    this.#save(bucketId, host === null ? null : { host, answer: null })
    if (host === null) return null
    const domain = { host, answer: await askHost(host, this.#options.http, signal) }
    // Another one may have been set meanwhile.
    if (this.all[bucketId]?.host === host) this.#save(bucketId, domain)
    return domain
  }

  #save(bucketId: string, domain: LinkDomain | null): void {
    const { settings, transaction } = this.#options
    transaction(() => {
      const { [bucketId]: _, ...others } = settings.linkDomains()
      settings.setLinkDomains(domain === null ? others : { ...others, [bucketId]: domain })
    })
  }
}

/** One request for nothing, which tells the host nothing but that somebody asks. */
async function askHost(host: string, http: Pick<Http, 'open'>, signal: AbortSignal): Promise<LinkHostAnswer> {
  const request = { operation: 'link_domain', method: 'HEAD', url: `${linkOrigin(host)}/`, headers: {} } as const
  try {
    const answer = await http.open({ ...request, signal })
    answer.discard()
    // Any answer will do: B2 has nothing to say about the address without a path, and refuses.
    return answer.status >= 500 ? { kind: 'fails', status: answer.status } : { kind: 'answers' }
  } catch (error) {
    if (!isEngineError(error)) throw error
    return { kind: error.code === 'not_a_b2_service' ? 'not-trusted' : 'silent' }
  }
}
