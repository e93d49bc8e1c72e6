/** What is to be true once a scenario has settled, and what is. */
import { createHash } from 'node:crypto'
import { isDeepStrictEqual as isEqual } from 'node:util'
import type { RelativePath } from '../../shared/ids.ts'
import type { StatusKind } from '../../shared/model/status.ts'
import { callsOf } from '../support/engine-calls.ts'
import { WRITE_CALLS } from '../support/invariants.ts'
import { BUCKET } from '../support/scenario-stage.ts'
import { rulesOf } from '../support/history.ts'
import { nameOf, pathOf, type Game } from './game.ts'
import type { Expectation } from './scenario.ts'

/** The trailer that carries a file's SHA-1 at the end of an upload, in bytes. */
const TRAILER_BYTES = 40

/** Explanations that give a person a reason for what is not in the bucket. */
const REASONS: ReadonlySet<string> = new Set(['ignored', 'skipped', 'settling', 'waiting', 'blocked', 'paused', 'kept'])

/** Files whose explanation is asked for one by one; more would only take time. */
const EXPLAINED = 20

export function statusOf({ status, held }: Expectation): StatusKind {
  return status ?? (held === undefined ? 'up-to-date' : 'held')
}

/** What the bucket is to show below the folders' prefixes: name to SHA-1, in the bucket's order. */
export function expectedRemote(game: Game, wanted: Expectation): ReadonlyMap<string, string> {
  if (wanted.isRemoteUnchanged === true) return game.lastRemote
  const found = new Map(game.stage.witness.files())
  for (const path of wanted.leftOut ?? []) found.delete(nameOf(game, path))
  for (const [path, content] of Object.entries(wanted.kept ?? {})) found.set(nameOf(game, path), sha1Of(content))
  return new Map([...found].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
}

/** What is, and what should be, where that differs. */
export async function observe(game: Game, wanted: Expectation, remote: ReadonlyMap<string, string>) {
  const { engine, witness } = game.stage
  const snapshot = engine.snapshot()
  const isUpToDate = statusOf(wanted) === 'up-to-date'
  const calls = callsOf(witness).slice(game.callsFrom)
  const done = (...operations: readonly string[]) =>
    calls
      .filter(({ operation, status }) => operations.includes(operation) && status === 200)
      .map(({ fileName = '' }) => pathOf(game, fileName))
      .sort()
  const pairs: Record<string, readonly [is: unknown, should: unknown]> = {
    problems: [
      snapshot.problems.map(({ code, path }) => ({ code, path })).sort(byText),
      (wanted.problems ?? (isUpToDate ? [] : undefined))?.toSorted(byText),
    ],
    decisions: [
      snapshot.folders.flatMap(({ decisions }) => decisions).map(({ kind, files }) => ({ kind, files })),
      wanted.decisions ?? (isUpToDate ? [] : undefined),
    ],
    uploads: [done('upload_file', 'finish_large_file'), wanted.uploads?.toSorted()],
    copies: [done('copy_file'), wanted.copies?.toSorted()],
    hides: [done('hide_file'), wanted.hides?.toSorted()],
    deletions: [done('delete_file_version'), wanted.deletions?.toSorted()],
    uploadedBytes: [uploadedBytes(calls), wanted.uploadedBytes],
    parts: [
      {
        begun: done('start_large_file').length,
        sent: done('upload_part').length,
        copied: done('copy_part').length,
      },
      wanted.parts,
    ],
    writes: [
      calls.filter(({ operation }) => WRITE_CALLS.has(operation)).map(({ operation }) => operation),
      wanted.isWithoutWrites === true ? [] : undefined,
    ],
    versions: [versionsAsked(game, wanted), versionsWanted(wanted)],
    lifecycle: [lifecycleOf(game), wanted.lifecycle],
    skipped: [await skippedAsked(game, wanted), wanted.skipped],
    explained: [await explanations(game, Object.keys(wanted.explained ?? {})), wanted.explained],
    files: [
      snapshot.folders.reduce((sum, { syncedFiles }) => sum + syncedFiles, 0),
      isUpToDate && wanted.kept === undefined ? remote.size : undefined,
    ],
    unexplained: [await unexplained(game, remote), []],
  }
  const differing = Object.entries(pairs).filter(([, [is, should]]) => should !== undefined && !isEqual(is, should))
  return {
    is: Object.fromEntries(differing.map(([name, [is]]) => [name, is])),
    should: Object.fromEntries(differing.map(([name, [, should]]) => [name, should])),
  }
}

function uploadedBytes(calls: ReturnType<typeof callsOf>): number {
  return calls
    .filter(({ operation, status }) => operation === 'upload_file' && status === 200)
    .reduce((sum, { bytesReceived }) => sum + bytesReceived - TRAILER_BYTES, 0)
}

function versionsAsked(game: Game, { versions = {} }: Expectation) {
  const all = game.stage.emulator.fileVersions(BUCKET)
  return Object.fromEntries(
    Object.keys(versions).map((path) => [
      path,
      all
        .filter(({ fileName }) => fileName === nameOf(game, path))
        .map((version) => (version.action === 'hide' ? null : game.stage.emulator.sha1Of(version))),
    ]),
  )
}

function versionsWanted({ versions }: Expectation) {
  if (versions === undefined) return undefined
  return Object.fromEntries(
    Object.entries(versions).map(([path, contents]) => [
      path,
      contents.map((content) => (content === null ? null : sha1Of(content))),
    ]),
  )
}

function lifecycleOf({ stage }: Game): Record<string, number | null> {
  const rules = rulesOf(stage.witness)
  return Object.fromEntries(rules.map((rule) => [rule.fileNamePrefix, rule.daysFromHidingToDeleting]))
}

async function skippedAsked(game: Game, { skipped }: Expectation) {
  if (skipped === undefined || game.folderId === null) return undefined
  const rows = await game.stage.engine.api.listSkipped({ folderId: game.folderId, limit: 1000 })
  return Object.fromEntries(
    rows.filter(({ path }) => Object.hasOwn(skipped, path)).map(({ path, reason }) => [path, reason]),
  )
}

async function explanations(game: Game, paths: readonly string[]): Promise<Record<string, string>> {
  const found: [string, string][] = []
  for (const path of paths) found.push([path, await explain(game, path)])
  return Object.fromEntries(found)
}

async function explain({ stage, folderId }: Game, path: string): Promise<string> {
  if (folderId === null) return 'no folder'
  return (await stage.engine.api.explainPath({ folderId, path: path as RelativePath })).kind
}

/**
 * The second half of I8: what is on disk and not in the bucket as it is has a reason that a person can see, and what is
 * in the bucket is said to be.
 */
async function unexplained(game: Game, remote: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const folder = game.stage.witness.now.folders[0]
  if (folder === undefined || game.folderId === null) return []
  const { problems } = game.stage.engine.snapshot()
  const complaints: string[] = []
  for (const [name, seen] of [...folder.entries].slice(0, EXPLAINED)) {
    const path = name.slice(folder.prefix.length)
    const isProblem = problems.some((each) => each.path === path || path.startsWith(`${each.path ?? '\0'}/`))
    if (path === '' || isProblem) continue
    const said = await explain(game, path)
    const isInBucket = seen.kind === 'file' && remote.get(name) === seen.sha1
    if (!REASONS.has(said) && !(isInBucket && said === 'in-sync')) complaints.push(`${path}: ${said}`)
  }
  return complaints
}

function sha1Of(content: string): string {
  return createHash('sha1').update(content).digest('hex')
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}
