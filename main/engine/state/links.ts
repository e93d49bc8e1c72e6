/** Tables links and link_versions: the register of share links, and of what was put into the bucket for them. */
import { z } from 'zod'
import { ErrorCode } from '../../../shared/errors.ts'
import type { FolderId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import {
  EXPIRES_SOON_MS,
  LinkBehind,
  LinkPlace,
  LinkState,
  Siblings,
  type LinkId,
  type LinkQuery,
} from '../../../shared/model/link.ts'
import type { LinkVersion, NewLink, StoredLink } from '../model/link.ts'
import type { Db } from './database.ts'
import { MATCHES_TEXT, textParameters } from './text-match.ts'

/** What is over stays in the register for so long, ms. */
const KEPT_MS = 90 * 86_400_000

type Row = {
  readonly link_id: number
  readonly state: string
  readonly code: string | null
  readonly bucket_id: string
  readonly bucket_name: string
  readonly is_public: number
  readonly name: string
  readonly shared: string
  readonly is_folder: number
  readonly behind: string
  readonly folder_id: number | null
  readonly path: string | null
  readonly url: string
  readonly created_at: number
  readonly valid_seconds: number
  readonly expires_at: number | null
  readonly ended_at: number | null
  readonly copied_to: string
  readonly is_promised: number
  readonly is_hurried: number
  readonly is_reminded: number
  readonly opens_too: string | null
  readonly opens_too_since: number | null
  readonly accepted: string | null
  readonly siblings_checked_at: number
  readonly gone_since: number | null
}

type VersionRow = {
  readonly version_id: number
  readonly link_id: number
  readonly bucket_id: string
  readonly name: string
  readonly mark: string
  readonly begun_at: number
  readonly file_id: string | null
}

type CountRow = { readonly active: number; readonly promised: number; readonly expires_soon: number }

const ACTIVE = "state IN ('promised', 'ready')"

/** Longer names are of concern to links to the file itself in a private bucket. */
const CAN_OPEN_MORE = `${ACTIVE} AND behind = 'original' AND is_public = 0`

/** Links to the file itself are asked about: which names they open, and whether the file is still there. */
const IS_WATCHED = `${ACTIVE} AND behind = 'original'`

/** When a link is reminded of; null where it is not, and for links that live no longer than that. */
const REMIND_AT = `CASE WHEN is_reminded = 0 AND valid_seconds * 1000 > ${EXPIRES_SOON_MS}
  THEN expires_at - ${EXPIRES_SOON_MS} END`

/**
 * When the bucket is asked again for longer names: every six hours. Where one is in the way a person may be about to rename
 * it: after five minutes then, and the more seldom the longer nobody does.
 */
const ASK_AT = `siblings_checked_at + CASE WHEN opens_too_since IS NULL THEN 21600000
  ELSE max(300000, min(21600000, siblings_checked_at - opens_too_since)) END`

export function createLinks(db: Db) {
  const add = db.prepare<[object], Row>(
    `INSERT INTO links (state, bucket_id, bucket_name, is_public, name, shared, is_folder, behind, folder_id, path, url,
       created_at, valid_seconds, expires_at, copied_to, is_promised, opens_too, accepted, siblings_checked_at)
     VALUES (@state, @bucketId, @bucketName, @isPublic, @name, @shared, @isFolder, @behind, @folderId, @path, @url,
       @createdAt, @validSeconds, @expiresAt, @copiedTo, @isPromised, @opensToo, @accepted, @createdAt) RETURNING *`,
  )
  const one = db.prepare<[number], Row>('SELECT * FROM links WHERE link_id = ?')
  const count = db.prepare<[{ now: number; soon: number }], CountRow>(
    `SELECT count(*) AS active, count(*) FILTER (WHERE state = 'promised') AS promised,
       count(*) FILTER (WHERE expires_at < @soon) AS expires_soon
     FROM links WHERE ${ACTIVE} AND (expires_at IS NULL OR expires_at > @now)`,
  )
  const expired = db.prepare<[number], Row>(`SELECT * FROM links WHERE ${ACTIVE} AND expires_at <= ?`)
  const toRemind = db.prepare<[number], Row>(`SELECT * FROM links WHERE ${ACTIVE} AND ${REMIND_AT} <= ?`)
  const nextTime = db
    .prepare<[], number | null>(
      `SELECT min(at) FROM (SELECT min(expires_at) AS at FROM links WHERE ${ACTIVE}
         UNION ALL SELECT min(${REMIND_AT}) FROM links WHERE ${ACTIVE})`,
    )
    .pluck()
  const toAskAbout = db.prepare<[number, number], Row>(
    `SELECT * FROM links WHERE ${IS_WATCHED} AND ${ASK_AT} <= ? ORDER BY siblings_checked_at LIMIT ?`,
  )
  const nextToAskAbout = db.prepare<[], number | null>(`SELECT min(${ASK_AT}) FROM links WHERE ${IS_WATCHED}`).pluck()
  const withLonger = db.prepare<[], Row>(
    `SELECT * FROM links WHERE ${CAN_OPEN_MORE} AND opens_too_since IS NULL AND EXISTS (
       SELECT 1 FROM sync_folders AS folder JOIN remote_entries AS entry USING (folder_id)
       WHERE folder.bucket_id = links.bucket_id
         AND (substr(links.name, 1, length(prefix)) = prefix OR substr(prefix, 1, length(links.name)) = links.name)
         AND entry.path > substr(links.name, length(prefix) + 1)
         AND entry.path < substr(links.name, length(prefix) + 1) || char(0x10ffff))
     ORDER BY link_id`,
  )
  const contradicted = db.prepare<[], Row>(
    `SELECT * FROM links WHERE state = 'ready' AND behind = 'original' AND folder_id IS NOT NULL AND path IS NOT NULL
       AND (gone_since IS NULL) <> EXISTS (
         SELECT 1 FROM remote_entries AS entry WHERE entry.folder_id = links.folder_id AND entry.path = links.path)
     ORDER BY link_id`,
  )
  const openingMore = db.prepare<[], Row>(
    `SELECT * FROM links WHERE ${ACTIVE} AND opens_too_since IS NOT NULL ORDER BY opens_too_since`,
  )
  const promised = db.prepare<[], Row>("SELECT * FROM links WHERE state = 'promised' ORDER BY link_id")
  const page = (condition: string) =>
    db.prepare<[object], Row>(
      `SELECT * FROM links WHERE ${condition} AND (@before IS NULL OR link_id < @before) AND (@like IS NULL OR link_id IN (
         SELECT link_id FROM (SELECT link_id, shared AS path FROM links) WHERE ${MATCHES_TEXT}))
       ORDER BY link_id DESC LIMIT @limit`,
    )
  const pages = {
    active: page(ACTIVE),
    'expires-soon': page(`${ACTIVE} AND expires_at > @now AND expires_at < @now + ${EXPIRES_SOON_MS}`),
    over: page(`NOT ${ACTIVE}`),
  }
  const setState = db.prepare('UPDATE links SET state = ?, code = ?, ended_at = ? WHERE link_id = ?')
  const renew = db.prepare(
    `UPDATE links SET state = @state, code = NULL, ended_at = NULL, url = @url, name = @name, expires_at = @expiresAt,
       valid_seconds = @validSeconds, is_reminded = 0, is_promised = @isPromised, is_hurried = 0, gone_since = NULL
     WHERE link_id = @linkId`,
  )
  const nowPromised = db.prepare('UPDATE links SET is_promised = 1 WHERE link_id = ?')
  const hurried = db.prepare('UPDATE links SET is_hurried = 1 WHERE link_id = ?')
  const reminded = db.prepare('UPDATE links SET is_reminded = 1 WHERE link_id = ?')
  const opensToo = db.prepare(
    'UPDATE links SET opens_too = ?, opens_too_since = ?, siblings_checked_at = max(siblings_checked_at, ?) WHERE link_id = ?',
  )
  const gone = db.prepare('UPDATE links SET gone_since = ? WHERE link_id = ?')
  const accept = db.prepare('UPDATE links SET accepted = ? WHERE link_id = ?')
  const prune = db.prepare(
    `DELETE FROM links WHERE NOT ${ACTIVE} AND coalesce(ended_at, expires_at, created_at) < ?
       AND link_id NOT IN (SELECT link_id FROM link_versions)`,
  )
  const addVersion = db.prepare<[object], VersionRow>(
    `INSERT INTO link_versions (link_id, bucket_id, name, mark, begun_at)
     VALUES (@linkId, @bucketId, @name, @mark, @begunAt) RETURNING *`,
  )
  const wanted = db.prepare<[number], VersionRow>(
    'SELECT * FROM link_versions WHERE link_id = ? AND is_wanted = 1 ORDER BY version_id',
  )
  const unwanted = db.prepare<[number], VersionRow>(
    'SELECT * FROM link_versions WHERE is_wanted = 0 AND is_hidden <= ? ORDER BY version_id',
  )
  const nameVersion = db.prepare('UPDATE link_versions SET file_id = ? WHERE version_id = ?')
  const unwant = db.prepare('UPDATE link_versions SET is_wanted = 0, begun_at = ? WHERE version_id = ?')
  const unwantAll = db.prepare('UPDATE link_versions SET is_wanted = 0 WHERE link_id = ?')
  const hideVersion = db.prepare('UPDATE link_versions SET is_hidden = 1 WHERE version_id = ?')
  const forgetVersion = db.prepare('DELETE FROM link_versions WHERE version_id = ?')
  const nextInFolder = {
    remote: db.prepare<[number, string, string], { path: string }>(
      'SELECT path FROM remote_entries WHERE folder_id = ? AND path >= ? AND path < ? ORDER BY path LIMIT 1001',
    ),
    coming: db.prepare<[number, string, string], { path: string }>(
      `SELECT path FROM jobs WHERE folder_id = ? AND path >= ? AND path < ? AND kind IN ('upload', 'copy')
       ORDER BY path LIMIT 1001`,
    ),
  }

  return {
    add(link: NewLink): StoredLink {
      const { isPublic, isFolder, isPromised, opensToo: too, accepted, ...rest } = link
      const flags = { isPublic: Number(isPublic), isFolder: Number(isFolder), isPromised: Number(isPromised) }
      const row = add.get({ ...rest, ...flags, opensToo: asJson(too), accepted: asJson(accepted) })
      if (row === undefined) throw new Error('INSERT returned no row')
      return toLink(row)
    },
    find(linkId: LinkId): StoredLink | undefined {
      const row = one.get(linkId)
      return row && toLink(row)
    },
    /** Promised and ready ones whose time has run out. */
    listExpired(now: UnixMs): readonly StoredLink[] {
      return expired.all(now).map(toLink)
    },
    /** Those of which nobody was reminded yet, and should be. */
    listToRemind(now: UnixMs): readonly StoredLink[] {
      return toRemind.all(now).map(toLink)
    },
    /** When the next one expires, or is to be reminded of; null for none. */
    nextTime(): number | null {
      return nextTime.get() ?? null
    },
    /** Those that the bucket is to be asked about, those first for which that is longest ago. */
    listToAskAbout(now: UnixMs, limit: number): readonly StoredLink[] {
      return toAskAbout.all(now, limit).map(toLink)
    },
    /** When that is due for the next one; null for none. */
    nextToAskAbout(): number | null {
      return nextToAskAbout.get() ?? null
    },
    /** Those beside which the records of sync folders know longer names, accepted ones among them. */
    listWithLongerNames(): readonly StoredLink[] {
      return withLonger.all().map(toLink)
    },
    /** Working ones of which the records say otherwise than is known: that their file is gone, or is back. */
    listContradicted(): readonly StoredLink[] {
      return contradicted.all().map(toLink)
    },
    /** Those that open names which came later, and nobody has said that this is meant. */
    listOpeningMore(): readonly StoredLink[] {
      return openingMore.all().map(toLink)
    },
    /** Those whose time is not over, and of these, how many end before `soon`. */
    count(
      now: UnixMs,
      soon: number,
    ): { readonly active: number; readonly promised: number; readonly expiresSoon: number } {
      const row = count.get({ now, soon })
      return { active: row?.active ?? 0, promised: row?.promised ?? 0, expiresSoon: row?.expires_soon ?? 0 }
    },
    listPromised(): readonly StoredLink[] {
      return promised.all().map(toLink)
    },
    /** Newest first. */
    list({ which, text = '', before, limit }: LinkQuery, now: UnixMs): readonly StoredLink[] {
      return pages[which].all({ before: before ?? null, limit, now, ...textParameters(text) }).map(toLink)
    },
    setState(linkId: LinkId, state: LinkState, code: ErrorCode | null, endedAt: UnixMs | null): void {
      setState.run(state, code, endedAt, linkId)
    },
    renew(
      linkId: LinkId,
      to: Pick<StoredLink, 'state' | 'url' | 'name' | 'expiresAt' | 'validSeconds' | 'isPromised'>,
    ): void {
      renew.run({ linkId, ...to, isPromised: Number(to.isPromised) })
    },
    /** The answer said that it does not work yet: that it does will be told. */
    setPromised(linkId: LinkId): void {
      nowPromised.run(linkId)
    },
    setHurried(linkId: LinkId): void {
      hurried.run(linkId)
    },
    setReminded(linkId: LinkId): void {
      reminded.run(linkId)
    },
    /** `checkedAt`: when the bucket was asked; 0 where only the records were looked at. */
    setOpensToo(linkId: LinkId, siblings: Siblings | null, since: UnixMs | null, checkedAt: number): void {
      opensToo.run(asJson(siblings), since, checkedAt, linkId)
    },
    /** Since when it is known that the bucket does not show the file; null where it does. */
    setGone(linkId: LinkId, since: UnixMs | null): void {
      gone.run(since, linkId)
    },
    accept(linkId: LinkId, names: readonly string[]): void {
      accept.run(JSON.stringify(names), linkId)
    },
    /** Forgets what has been over for long, and of which nothing is left in the bucket. */
    prune(now: UnixMs): void {
      prune.run(now - KEPT_MS)
    },
    /** Says that a version is about to be made for a link: to be called before B2 is asked. */
    addVersion(version: Omit<LinkVersion, 'versionId' | 'fileId'>): LinkVersion {
      const row = addVersion.get(version)
      if (row === undefined) throw new Error('INSERT returned no row')
      return toVersion(row)
    },
    listVersions(linkId: LinkId): readonly LinkVersion[] {
      return wanted.all(linkId).map(toVersion)
    },
    /** Versions to be removed; those that could only be hidden are among them `withHidden`. */
    listUnwanted(withHidden: boolean): readonly LinkVersion[] {
      return unwanted.all(Number(withHidden)).map(toVersion)
    },
    nameVersion(versionId: number, fileId: string | null): void {
      nameVersion.run(fileId, versionId)
    },
    /** The version is to be removed. `begunAt`: where nobody has heard of it, from when on it may come. */
    unwant(versionId: number, begunAt: number): void {
      unwant.run(begunAt, versionId)
    },
    /** Everything that was made for the link is to be removed. */
    unwantAll(linkId: LinkId): void {
      unwantAll.run(linkId)
    },
    hideVersion(versionId: number): void {
      hideVersion.run(versionId)
    },
    forgetVersion(versionId: number): void {
      forgetVersion.run(versionId)
    },
    /** Paths of a folder that begin with a text, in the bucket as far as that is known, or to be sent; at most 1,001. */
    listPathsBeginning(folderId: FolderId, start: string, where: 'remote' | 'coming'): readonly RelativePath[] {
      // No text that begins so comes after it.
      return nextInFolder[where].all(folderId, start, `${start}\u{10ffff}`).map(({ path }) => path as RelativePath)
    },
  }
}

function asJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}

function toLink(row: Row): StoredLink {
  return {
    linkId: row.link_id as LinkId,
    state: LinkState.parse(row.state),
    code: row.code === null ? null : ErrorCode.parse(row.code),
    bucketId: row.bucket_id,
    bucketName: row.bucket_name,
    isPublic: row.is_public === 1,
    name: row.name,
    shared: row.shared,
    isFolder: row.is_folder === 1,
    behind: LinkBehind.parse(row.behind),
    folderId: row.folder_id as FolderId | null,
    path: row.path as RelativePath | null,
    url: row.url,
    createdAt: row.created_at as UnixMs,
    validSeconds: row.valid_seconds,
    expiresAt: row.expires_at as UnixMs | null,
    endedAt: row.ended_at as UnixMs | null,
    copiedTo: LinkPlace.parse(row.copied_to),
    isPromised: row.is_promised === 1,
    isHurried: row.is_hurried === 1,
    isReminded: row.is_reminded === 1,
    opensToo: row.opens_too === null ? null : Siblings.parse(JSON.parse(row.opens_too)),
    opensTooSince: row.opens_too_since as UnixMs | null,
    accepted: row.accepted === null ? null : z.array(z.string()).parse(JSON.parse(row.accepted)),
    siblingsCheckedAt: row.siblings_checked_at as UnixMs,
    goneSince: row.gone_since as UnixMs | null,
  }
}

function toVersion(row: VersionRow): LinkVersion {
  return {
    versionId: row.version_id,
    linkId: row.link_id as LinkId,
    bucketId: row.bucket_id,
    name: row.name,
    mark: row.mark,
    begunAt: row.begun_at as UnixMs,
    fileId: row.file_id,
  }
}
