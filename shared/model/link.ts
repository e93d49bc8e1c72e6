/** Share links. */
import { z } from 'zod'

/** How long a link works unless a person says otherwise, in seconds: a week, the longest that B2 allows. */
export const LINK_VALID_SECONDS = 604_800

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'

/** This machine, perhaps with a port: for trying. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3})(?::\d{1,5})?$/

const HOST_NAME = new RegExp(`^(?:${LABEL}\\.)+(?=[a-z])${LABEL}$`)

/** A host name of at least two parts, without address scheme, path or port; links to it are https. Or this machine itself. */
export const LinkHost = z
  .string()
  .max(253)
  .refine((host) => HOST_NAME.test(host) || LOOPBACK.test(host))

/** How links to a host begin. */
export function linkOrigin(host: string): string {
  return `${LOOPBACK.test(host) ? 'http' : 'https'}://${host}`
}

/** What a host did when it was asked, once, after it was set. */
const LinkHostAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answers') }),
  /** It says itself that it cannot do its work, as a network does that does not find B2 behind it. */
  z.object({ kind: z.literal('fails'), status: z.number().int() }),
  /** No https, or a certificate that is not for this name. */
  z.object({ kind: z.literal('not-trusted') }),
  z.object({ kind: z.literal('silent') }),
])
export type LinkHostAnswer = z.infer<typeof LinkHostAnswer>

/** The host that links to a bucket's files have instead of B2's. */
export const LinkDomain = z.object({
  host: LinkHost,
  /** Null while it is not known. */
  answer: LinkHostAnswer.nullable(),
})
export type LinkDomain = z.infer<typeof LinkDomain>

/** By the buckets' ids; links to other buckets have B2's own host. */
export const LinkDomains = z.record(z.string(), LinkDomain)
export type LinkDomains = z.infer<typeof LinkDomains>
