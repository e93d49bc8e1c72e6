/** What the page is told of share links: a register in every state, and answers for every kind of wish. */
import {
  LinkId,
  type Link,
  type LinkAnswer,
  type LinkQuery,
  type LinkRequest,
  type LinkTarget,
} from '../../shared/model/link.ts'
import { EXPIRES_SOON_MS, Link as LinkSchema } from '../../shared/model/link.ts'
import type { z } from 'zod'
import { EngineError } from '../../shared/errors.ts'

type Draft = z.input<typeof LinkSchema>

const now = Date.now()
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

let lastId = 0

const NO_SIBLINGS = { samples: [], count: 0, isMore: false, hiddenCount: 0 }

/** A link as it is right after it was made. */
function linkTo(shared: string, part: Partial<Draft> = {}): Link {
  lastId += 1
  const { validSeconds = 604_800, createdAt = now } = part
  return LinkSchema.parse({
    linkId: lastId,
    url: `https://f004.backblazeb2.com/file/maria-backup/${encodeURIComponent(shared)}?Authorization=3_20261007_b2_${lastId}`,
    state: 'ready',
    code: null,
    shared,
    isFolder: shared.endsWith('/'),
    folderId: 1,
    path: shared.replace('Documents/', '').replace(/\/$/, ''),
    bucketName: 'maria-backup',
    isPublic: false,
    behind: 'original',
    createdAt,
    expiresAt: createdAt + validSeconds * 1000,
    validSeconds,
    copiedTo: 'window',
    endedAt: null,
    outlivesEnd: true,
    isGone: false,
    opensToo: null,
    isAccepted: false,
    ...part,
  })
}

/** What is over, and what came first: the oldest first, as they were made. */
const shared: readonly Link[] = [
  linkTo('Documents/Letters/notice.odt', {
    createdAt: now - 9 * day,
    state: 'failed',
    code: 'file_unreadable',
    validSeconds: 86_400,
  }),
  linkTo('Documents/Taxes/2024.pdf', { createdAt: now - 9 * day, state: 'expired', copiedTo: 'tray' }),
  linkTo('Documents/Plans/kitchen.pdf', { createdAt: now - 6 * day, state: 'ended', endedAt: now - 5 * hour }),
  linkTo('Documents/Plans/bathroom.pdf', {
    createdAt: now - 5 * day,
    state: 'ended',
    endedAt: now - 2 * day,
    behind: 'copy',
    outlivesEnd: false,
  }),
  linkTo('Documents/Plans/garden.pdf', { createdAt: now - 6 * day - 19 * hour, copiedTo: 'file-manager' }),
  linkTo('Pictures/Norway/IMG_2041.jpg', {
    folderId: 2,
    path: 'Norway/IMG_2041.jpg',
    bucketName: 'open-files',
    url: 'https://files.example.com/file/open-files/Pictures/Norway/IMG_2041.jpg',
    isPublic: true,
    expiresAt: null,
    createdAt: now - 5 * day,
    copiedTo: 'tray',
  }),
  linkTo('Documents/Photos/Summer/', { createdAt: now - 3 * day, behind: 'index', copiedTo: 'file-manager' }),
  linkTo('Documents/Reports/report', {
    createdAt: now - 2 * day,
    opensToo: {
      samples: [
        'Documents/Reports/report-private.pdf',
        'Documents/Reports/report.old',
        'Documents/Reports/reports 2026/',
      ],
      count: 7,
      isMore: false,
      hiddenCount: 1,
    },
  }),
  linkTo('Documents/Reports/minutes', {
    createdAt: now - day,
    opensToo: { samples: ['Documents/Reports/minutes.pdf'], count: 1, isMore: false, hiddenCount: 0 },
    isAccepted: true,
    copiedTo: 'command-line',
  }),
  linkTo('Documents/Plans/attic.pdf', { createdAt: now - 3 * hour, isGone: true }),
  linkTo('/home/maria/Desktop/offer to the landlord.odt', {
    folderId: null,
    path: null,
    behind: 'upload',
    outlivesEnd: false,
    createdAt: now - 26 * minute,
    validSeconds: 3600,
    copiedTo: 'file-manager',
  }),
  linkTo('Documents/Q3 report.docx', { createdAt: now - 20 * minute, behind: 'copy', outlivesEnd: false }),
  linkTo('Documents/Films/Live at the harbour.mp4', { createdAt: now - 4 * minute, state: 'promised' }),
  linkTo('Documents/Taxes/2025.pdf', { createdAt: now - 40_000 }),
]

const many = (): readonly Link[] =>
  Array.from({ length: 1500 }, (_, index) =>
    linkTo(`Documents/Scans/page ${String(1500 - index).padStart(4, '0')}.tiff`, {
      createdAt: now - (1500 - index) * 5 * minute,
    }),
  )

/** The register of a scene; changed by what is done with it. */
export class FakeLinks {
  #links: readonly Link[]
  revision = 1

  constructor(which: 'none' | 'some' | 'many') {
    this.#links = which === 'none' ? [] : which === 'many' ? many() : shared
  }

  get counts() {
    const active = this.#links.filter(isActive)
    const soon = active.filter(isSoon)
    const promised = active.filter(({ state }) => state === 'promised')
    return {
      active: active.length,
      promised: promised.length,
      expiresSoon: soon.length,
      revision: this.revision,
      news: [],
    }
  }

  list({ which, text = '', before = LinkId.parse(1e9), limit }: LinkQuery): Link[] {
    const isWanted = (link: Link): boolean =>
      (which === 'over' ? !isActive(link) : isActive(link)) && (which !== 'expires-soon' || isSoon(link))
    return this.#links
      .filter(
        (link) => isWanted(link) && link.shared.toLowerCase().includes(text.toLowerCase()) && link.linkId < before,
      )
      .toReversed()
      .slice(0, limit)
  }

  renew(linkId: LinkId, validSeconds: number): Link {
    const expiresAt = LinkSchema.shape.expiresAt.parse(Date.now() + validSeconds * 1000)
    return this.#change(linkId, { state: 'ready', validSeconds, expiresAt, endedAt: null })
  }

  end(linkId: LinkId): Link {
    return this.#change(linkId, { state: 'ended', endedAt: LinkSchema.shape.createdAt.parse(Date.now()) })
  }

  accept(linkId: LinkId): void {
    this.#change(linkId, { isAccepted: true })
  }

  /**
   * Names with `report` have neighbours, or all of them where `hasSiblings`; what is on the desktop is not in B2, what has `secret` in it may not be shared, and
   * films are still on their way.
   */
  create({ targets, onSiblings, onOutside, validSeconds }: LinkRequest, hasSiblings: boolean): LinkAnswer[] {
    return targets.map((target) => {
      const name = nameOf(target)
      const has = (text: string): boolean => name.toLowerCase().includes(text)
      if (has('secret')) return { kind: 'refused', code: 'file_unreadable', details: {} }
      if (has('desktop') && onOutside === 'ask') {
        return { kind: 'outside', sizeBytes: 48_300_000, bucketName: 'maria-backup' }
      }
      if ((hasSiblings || has('report')) && onSiblings === 'ask') {
        const samples = [
          `${name}-private.pdf`,
          `${name}.old`,
          `${name} draft 1.docx`,
          `${name} draft 2.docx`,
          `${name}/a`,
        ]
        return { kind: 'siblings', sharedName: name, siblings: { samples, count: 12, isMore: false, hiddenCount: 2 } }
      }
      const isComing = has('film') || has('desktop')
      const behind = onSiblings === 'copy' ? 'copy' : has('desktop') ? 'upload' : 'original'
      const made = linkTo(name, {
        ...(validSeconds === undefined ? {} : { validSeconds }),
        state: isComing ? 'promised' : 'ready',
        behind,
        createdAt: Date.now(),
        ...(onSiblings === 'anyway' ? { opensToo: { ...NO_SIBLINGS, count: 12 }, isAccepted: true } : {}),
      })
      this.#links = [...this.#links, made]
      this.revision += 1
      return { kind: isComing ? 'promised' : 'ready', link: made }
    })
  }

  #change(linkId: LinkId, part: Partial<Link>): Link {
    const found = this.#links.find((link) => link.linkId === linkId)
    if (found === undefined) throw new EngineError('not_found', 'no such link')
    const changed = { ...found, ...part }
    this.#links = this.#links.map((link) => (link === found ? changed : link))
    this.revision += 1
    return changed
  }
}

function isActive({ state }: Link): boolean {
  return state === 'ready' || state === 'promised'
}

function isSoon({ expiresAt }: Link): boolean {
  return expiresAt !== null && expiresAt - Date.now() < EXPIRES_SOON_MS
}

function nameOf(target: LinkTarget): string {
  return target.kind === 'object' ? target.url.replace(/^b2:\/\/[^/]*\//, '') : target.path.replace('/home/maria/', '')
}
