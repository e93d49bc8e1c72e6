/** A link for tests: to one file in a private bucket, made for a week. */
import { Link } from '../../../shared/model/link.ts'

export function linkOf(part: Partial<Link> = {}): Link {
  const link = Link.parse({
    linkId: 1,
    url: 'https://f004.backblazeb2.com/file/maria-backup/Taxes/2025.pdf?Authorization=3_abc',
    state: 'ready',
    code: null,
    shared: 'Taxes/2025.pdf',
    isFolder: false,
    folderId: 1,
    path: 'Taxes/2025.pdf',
    bucketName: 'maria-backup',
    isPublic: false,
    behind: 'original',
    createdAt: 0,
    expiresAt: 604_800_000,
    validSeconds: 604_800,
    copiedTo: 'window',
    endedAt: null,
    outlivesEnd: true,
    isGone: false,
    opensToo: null,
    isAccepted: false,
  })
  return { ...link, ...part }
}
