/** What the page is told of share links: made at once, with one file that has neighbours. */
import type { z } from 'zod'
import type { Link, LinkAnswer, LinkRequest, LinkTarget } from '../../shared/model/link.ts'

type Draft = z.input<typeof Link>

const now = Date.now()
const day = 86_400_000

/** A link as it is right after it was made. */
function linkTo(shared: string, part: Partial<Draft> = {}): Draft {
  return {
    linkId: 1,
    url: `https://f004.backblazeb2.com/file/maria-backup/${encodeURIComponent(shared)}?Authorization=3_20261007_b2`,
    state: 'ready',
    code: null,
    shared,
    isFolder: false,
    folderId: 1,
    path: shared,
    bucketName: 'maria-backup',
    isPublic: false,
    behind: 'original',
    createdAt: now,
    expiresAt: now + 7 * day,
    validSeconds: 604_800,
    copiedTo: 'window',
    endedAt: null,
    outlivesEnd: true,
    opensToo: null,
    isAccepted: false,
    ...part,
  }
}

function nameOf(target: LinkTarget): string {
  return target.kind === 'object' ? target.url : target.path
}

/** `hasSiblings`: all of them have neighbours. */
export function linksFor({ targets, onSiblings }: LinkRequest, hasSiblings: boolean): z.input<typeof LinkAnswer>[] {
  return targets.map((target) => {
    const name = nameOf(target)
    if (onSiblings !== 'ask' || !hasSiblings) return { kind: 'ready', link: linkTo(name) }
    const samples = [`${name}.old`, `${name} - private.pdf`]
    return { kind: 'siblings', sharedName: name, siblings: { samples, count: 14, isMore: false, hiddenCount: 3 } }
  })
}

export const links: [Draft, ...Draft[]] = [
  linkTo('Taxes/2025.pdf', { linkId: 3 }),
  linkTo('Photos/Summer/', { linkId: 2, isFolder: true, behind: 'index', outlivesEnd: false }),
]
