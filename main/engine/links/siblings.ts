/**
 * Which names a link to one file would open besides. B2's token is for all names that start with a text: the one for
 * `report` opens `report-private.pdf`, `report.pdf` and everything in `report-old/` too.
 */
import { isInSharePlace } from '../model/share-place.ts'
import type { Siblings } from '../../../shared/model/link.ts'
import type { CallOptions } from '../b2/call.ts'
import type { B2Client } from '../b2/client.ts'
import type { FileVersion } from '../b2/types.ts'

/** More are not counted. */
const MOST = 1000
const SAMPLES = 5

/** The least that a longer name can go on with: B2 takes no control characters. */
const NEXT = ' '

/** How a name is there; `unfinished` also where it has older versions that are hidden. */
export type Shown = 'shown' | 'hidden' | 'unfinished'

/** What the bucket has under a name, and which names begin with it. */
export type NameLook = {
  /** The version that the name shows; null where it shows none. */
  readonly shown: FileVersion | null
  readonly longer: ReadonlyMap<string, Shown>
  /** Whether there are longer names that were not looked at. */
  readonly isMore: boolean
}

/**
 * One call, unless the name has a thousand versions. Hidden names are there as well: what is hidden now opens as soon as it
 * is shown again, and what is not finished when that is done.
 */
export async function lookAtName(b2: B2Client, bucketId: string, name: string, call: CallOptions): Promise<NameLook> {
  const longer = new Map<string, Shown>()
  let shown: FileVersion | null | undefined
  for await (const page of b2.listFileVersions(bucketId, { ...call, prefix: name, pageSize: MOST })) {
    for (const version of page) {
      if (version.fileName !== name) note(longer, version)
      // The newest that is finished decides.
      else if (version.action !== 'start' && shown === undefined) shown = version.action === 'hide' ? null : version
    }
    const isFull = page.length >= MOST
    // Versions of the name itself come first; where they fill the page, the longer names are asked for by themselves.
    if (isFull && longer.size === 0) return { shown: shown ?? null, ...(await lookBehind(b2, bucketId, name, call)) }
    if (isFull) return { shown: shown ?? null, longer, isMore: true }
  }
  return { shown: shown ?? null, longer, isMore: false }
}

async function lookBehind(b2: B2Client, bucketId: string, name: string, call: CallOptions) {
  const longer = new Map<string, Shown>()
  const behind = { ...call, prefix: name, startFileName: `${name}${NEXT}`, pageSize: MOST }
  for await (const page of b2.listFileVersions(bucketId, behind)) {
    for (const version of page) note(longer, version)
    if (page.length >= MOST) return { longer, isMore: true }
  }
  return { longer, isMore: false }
}

/** The newest version of a name comes first, and decides; one that is not finished leaves that to the one before it. */
function note(longer: Map<string, Shown>, { fileName, action }: FileVersion): void {
  // What lies there was made for links, under names that nobody can guess.
  if (isInSharePlace(fileName)) return
  const known = longer.get(fileName)
  if (known !== undefined && known !== 'unfinished') return
  longer.set(fileName, action === 'start' ? 'unfinished' : action === 'hide' ? 'hidden' : 'shown')
}

/** Null for no names. `coming`: names that are on their way to the bucket. */
export function toSiblings(
  { longer, isMore }: Pick<NameLook, 'longer' | 'isMore'>,
  coming: readonly string[] = [],
): Siblings | null {
  const names = new Map<string, Shown>(longer)
  for (const name of coming) if (!names.has(name)) names.set(name, 'unfinished')
  if (names.size === 0) return null
  const counted = [...names].slice(0, MOST)
  return {
    samples: counted.slice(0, SAMPLES).map(([name]) => name),
    count: counted.length,
    isMore: isMore || names.size > MOST,
    hiddenCount: counted.filter(([, shown]) => shown !== 'shown').length,
  }
}
