/** Share links: what is asked for, what comes of it, and the register of those that were made. */
import { z } from 'zod'
import { ErrorCode } from '../errors.ts'
import { AbsolutePath, FolderId, RelativePath, UnixMs } from '../ids.ts'

/** How long a link works unless a person says otherwise, in seconds: a week, the longest that B2 allows. */
export const LINK_VALID_SECONDS = 604_800

/** 1 hour to 7 days, in seconds. A link to a public bucket has no end, whatever is asked for. */
export const LinkSeconds = z.number().int().min(3600).max(LINK_VALID_SECONDS)

/** Links that are asked for at once, at most. */
export const MOST_LINKS = 1000

/** Row id of a link, stable for the life of the data folder. */
export const LinkId = z.number().int().positive().brand<'LinkId'>()
export type LinkId = z.infer<typeof LinkId>

/** Where a link was asked for, and so where it was copied to. */
export const LinkPlace = z.enum(['window', 'tray', 'file-manager', 'command-line'])
export type LinkPlace = z.infer<typeof LinkPlace>

/** What a link is asked for. A directory, and a name that ends with `/`, is shared with all that is below it. */
export const LinkTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), folderId: FolderId, path: RelativePath }),
  /** A file or directory on this machine, in a sync folder or not. */
  z.object({ kind: z.literal('local'), path: AbsolutePath }),
  /** `b2://BUCKET/NAME`, the name as it is, without any escapes. */
  z.object({ kind: z.literal('object'), url: z.string().min(1).max(2000) }),
])
export type LinkTarget = z.infer<typeof LinkTarget>

/**
 * What to do where the plain link would open more than was asked for, as other names begin like this one: `ask` answers
 * `siblings`; `copy` has B2 make a copy under a name that nobody can guess, which goes when the link ends; `anyway` links
 * the file itself.
 */
const OnSiblings = z.enum(['ask', 'copy', 'anyway'])

export const LinkRequest = z.object({
  targets: z.array(LinkTarget).min(1).max(MOST_LINKS),
  validSeconds: LinkSeconds.optional(),
  copiedTo: LinkPlace,
  onSiblings: OnSiblings,
  /**
   * What to do with a file that is in no sync folder, or is never sent: `ask` answers `outside`; `upload` sends a copy of it,
   * as it is now, which goes when the link ends. Directories are refused.
   */
  onOutside: z.enum(['ask', 'upload']),
})
export type LinkRequest = z.infer<typeof LinkRequest>

/** Names that a link to one file would open too, whoever has the link and knows or guesses them. */
export const Siblings = z.object({
  /** A few of the server's names, the bucket's own folders included. */
  samples: z.array(z.string()).max(5),
  /** At most 1,000 are counted. */
  count: z.number().int(),
  isMore: z.boolean(),
  /** Of those counted, hidden ones and those that are still to come: not opened now, but as soon as they are shown. */
  hiddenCount: z.number().int(),
})
export type Siblings = z.infer<typeof Siblings>

/**
 * `promised`: copied already, and works as soon as the file is in B2. `ready`: works. `expired`: its time is over. `ended`: a
 * person ended it. `failed`: what was promised will not come, `code` says why.
 */
export const LinkState = z.enum(['promised', 'ready', 'expired', 'ended', 'failed'])
export type LinkState = z.infer<typeof LinkState>

/**
 * What the link opens: the file itself, a copy of it that B2 made, a copy that was sent for it, or the page that lists a
 * folder. All but the first are removed when the link ends.
 */
export const LinkBehind = z.enum(['original', 'copy', 'upload', 'index'])
export type LinkBehind = z.infer<typeof LinkBehind>

export const Link = z.object({
  linkId: LinkId,
  url: z.string(),
  state: LinkState,
  /** Why what was promised does not come; null unless `failed`. */
  code: ErrorCode.nullable(),
  /** What was shared: the server's name, ending with `/` for a folder; the local path of what was sent for the link alone. */
  shared: z.string(),
  isFolder: z.boolean(),
  /** Null for what is in no sync folder; the path is null also for a whole folder. */
  folderId: FolderId.nullable(),
  path: RelativePath.nullable(),
  bucketName: z.string(),
  isPublic: z.boolean(),
  behind: LinkBehind,
  createdAt: UnixMs,
  /** When it stops working by itself; null for a public bucket: never. */
  expiresAt: UnixMs.nullable(),
  /** What it was asked for, in seconds, and is renewed with. */
  validSeconds: z.number().int(),
  copiedTo: LinkPlace,
  /** When a person ended it; null unless `ended`. */
  endedAt: UnixMs.nullable(),
  /**
   * True where the address may go on working after the link has ended: B2 takes no token back, and the file itself is left
   * alone. It stops at `expiresAt`, when the file is renamed or hidden, or when the key that made it is deleted.
   */
  outlivesEnd: z.boolean(),
  /** Known not to open anything, as the bucket does not show the file any more; it works again if that comes back. */
  isGone: z.boolean(),
  /** Names that came later, or were taken into account when it was made, and that it opens too; null for none. */
  opensToo: Siblings.nullable(),
  /** Whether a person has said that this is all right. */
  isAccepted: z.boolean(),
})
export type Link = z.infer<typeof Link>

export const LinkAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), link: Link }),
  /** The file is on its way, and goes before all others; a news of kind `ready` follows. */
  z.object({ kind: z.literal('promised'), link: Link }),
  /** Nothing was made: ask again with another `onSiblings` for this target. */
  z.object({ kind: z.literal('siblings'), siblings: Siblings, sharedName: z.string() }),
  /** Nothing was made: ask again with `onOutside: 'upload'`. `bucketName` is where it would be sent. */
  z.object({ kind: z.literal('outside'), sizeBytes: z.number(), bucketName: z.string() }),
  z.object({
    kind: z.literal('refused'),
    code: ErrorCode,
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
])
export type LinkAnswer = z.infer<typeof LinkAnswer>

/** A link expires soon when less than this is left; a person is reminded once. */
export const EXPIRES_SOON_MS = 86_400_000

/** What is worth telling of a link that nobody looks at: it works now, it expires soon, it will not come. */
export const LinkNews = z.object({
  /** Another one for each news. */
  newsId: z.string(),
  linkId: LinkId,
  kind: z.enum(['ready', 'expires-soon', 'failed']),
  /** The last part of what was shared. */
  name: z.string(),
  code: ErrorCode.nullable(),
  expiresAt: UnixMs.nullable(),
})
export type LinkNews = z.infer<typeof LinkNews>

/** What the snapshot says of links. */
export const LinkCounts = z.object({
  /** Ready or promised. */
  active: z.number().int(),
  promised: z.number().int(),
  expiresSoon: z.number().int(),
  /** Another number whenever the register has changed. */
  revision: z.number().int(),
  /** The newest of this run, the newest last. */
  news: z.array(LinkNews).max(8),
})
export type LinkCounts = z.infer<typeof LinkCounts>

export const NO_LINKS: LinkCounts = { active: 0, promised: 0, expiresSoon: 0, revision: 0, news: [] }

export const LinkQuery = z.object({
  /** Those that are ready or promised, of these the ones that expire soon, or those that are over. */
  which: z.enum(['active', 'expires-soon', 'over']),
  /** Only what matches, in any case. */
  text: z.string().max(200).optional(),
  /** The id of the last one that is known: older ones follow. Newest first. */
  before: LinkId.optional(),
  limit: z.number().int().min(1).max(200),
})
export type LinkQuery = z.infer<typeof LinkQuery>

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
