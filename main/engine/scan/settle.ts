/**
 * Is a file at rest? Its size and times have to be quiet for a while before it is taken, longer the longer it has been
 * changing. One that never rests is taken now and then all the same.
 */
import type { RelativePath, UnixMs } from '../../../shared/ids.ts'
import type { Settling } from '../../../shared/model/explanation.ts'
import { sameFingerprint, type Fingerprint } from '../model/entry.ts'

/** A second covers the usual write-flush-rename of programs that save; people do not notice it. */
const FIRST_QUIET_MS = 1000

/**
 * Drives such as FAT count time in steps of two seconds: what is written within the same step shows no new time. A time
 * without a fraction looks like one of those, and of other files hardly one in a million has both without.
 */
const COARSE_STEP_MS = 2000

/** The quiet that is asked for doubles up to here while a file keeps changing: copies and downloads pause for some seconds. */
const MAX_QUIET_MS = 30_000

/**
 * A file that has been changing for so long is restless: a log, a database, a mailbox. And one that has been quiet for so
 * long has come to rest, whatever it did before.
 */
const RESTLESS_AFTER_MS = 60_000

/**
 * A restless file is taken this often: five minutes of a log are bearable to lose, and a version each time is 288 a day.
 */
const RESTLESS_INTERVAL_MS = 300_000

/** Files that are waited for, and files that were taken lately, are each remembered up to this number: some MB. */
const MAX_REMEMBERED = 10_000

/** The oldest make room in groups of this size: a map looks for its first entry among all that were deleted before it. */
const FORGOTTEN_AT_ONCE = 1000

export type SettleVerdict =
  /** To be taken as it is. `isRestless`: it will hardly be the same when it is read. */
  | { readonly kind: 'settled'; readonly isRestless?: true }
  /** Milliseconds. */
  | { readonly kind: 'not-yet'; readonly lookAgainInMs: number }

/** What is remembered of a file. All times in Unix milliseconds. */
type Memory = {
  fingerprint: Fingerprint
  lookedAt: number
  /** When it changed last. */
  changedAt: number
  /** When it began to change without coming to rest. */
  changingSince: number
  quietMs: number
  /** When the quiet that is asked for was doubled last. */
  doubledAt: number
  /** When it was taken last. */
  takenAt: number | null
}

/** Remembers files that are not at rest, or were not a moment ago, for one sync folder. */
export class SettleWatch {
  readonly #waiting = new Map<RelativePath, Memory>()
  readonly #taken = new Map<RelativePath, Memory>()

  /**
   * Judges by the file's own times, which works for files written before Pail looked, and where those lie in the future by
   * looks that agree. What is settled counts as taken: the same content stays settled whenever it is asked about again.
   * `now` in Unix milliseconds; it may be set back.
   */
  judge(path: RelativePath, fingerprint: Fingerprint, now: number): SettleVerdict {
    const taken = this.#taken.get(path)
    const known = taken ?? this.#waiting.get(path)
    const memory = known ?? begin(fingerprint, now)
    this.forget(path)
    if (now < memory.lookedAt) setBack(memory, memory.lookedAt - now)
    const isSame = sameFingerprint(memory.fingerprint, fingerprint)
    if (!isSame) change(memory, fingerprint, now)
    memory.lookedAt = now
    const isTaken = isSame && taken !== undefined
    const verdict = isTaken ? settled(memory) : decide(memory)
    if (verdict.kind === 'not-yet') this.#rememberWaiting(path, memory)
    else {
      if (!isTaken) memory.takenAt = now
      // What has come to rest begins anew with its next change.
      if (now - memory.changedAt < RESTLESS_AFTER_MS) this.#rememberTaken(path, memory)
    }
    return verdict
  }

  /** Whether a file hardly ever rests: it may be taken now and then, and will hardly be the same when it has been read. */
  isRestless(path: RelativePath): boolean {
    const memory = this.#taken.get(path) ?? this.#waiting.get(path)
    return memory !== undefined && isRestless(memory)
  }

  /** Since when and why a file is waited for; null for one that is not, or was never asked about. */
  waiting(path: RelativePath): Settling | null {
    const memory = this.#waiting.get(path)
    if (memory === undefined) return null
    const verdict = decide(memory)
    return {
      since: memory.changingSince as UnixMs,
      why: isRestless(memory) ? 'restless' : 'changing',
      until: (memory.lookedAt + (verdict.kind === 'not-yet' ? verdict.lookAgainInMs : 0)) as UnixMs,
      latest: latestAt(memory) as UnixMs,
    }
  }

  /** The file is gone or no longer of interest. */
  forget(path: RelativePath): void {
    this.#waiting.delete(path)
    this.#taken.delete(path)
  }

  /**
   * Those that nobody asked about for long make room. Where that is not enough the file is not remembered: pushing out
   * others that are waited for could go round in circles. It begins anew with each look until some of them are taken.
   */
  #rememberWaiting(path: RelativePath, memory: Memory): void {
    for (const [oldest, { lookedAt }] of this.#waiting) {
      if (this.#waiting.size < MAX_REMEMBERED || memory.lookedAt - lookedAt < RESTLESS_INTERVAL_MS) break
      this.#waiting.delete(oldest)
    }
    if (this.#waiting.size < MAX_REMEMBERED) this.#waiting.set(path, memory)
  }

  #rememberTaken(path: RelativePath, memory: Memory): void {
    this.#taken.set(path, memory)
    if (this.#taken.size <= MAX_REMEMBERED) return
    for (const oldest of this.#taken.keys()) {
      if (this.#taken.size <= MAX_REMEMBERED - FORGOTTEN_AT_ONCE) return
      this.#taken.delete(oldest)
    }
  }
}

function begin(fingerprint: Fingerprint, now: number): Memory {
  const at = changeTime(fingerprint, now)
  return {
    fingerprint,
    lookedAt: now,
    changedAt: at,
    changingSince: at,
    quietMs: firstQuietMs(fingerprint),
    doubledAt: at,
    takenAt: null,
  }
}

function change(memory: Memory, fingerprint: Fingerprint, now: number): void {
  // It was still the same at the last look, whatever its times say.
  const at = Math.max(changeTime(fingerprint, now), memory.lookedAt)
  const unchangedMs = at - memory.changedAt
  // A restless file is looked at again a minute after a change, or somewhat later, and may have changed all that time.
  if (unchangedMs >= (isRestless(memory) ? 2 * RESTLESS_AFTER_MS : RESTLESS_AFTER_MS)) {
    memory.changingSince = at
    memory.quietMs = firstQuietMs(fingerprint)
    memory.doubledAt = at
  } else if (at - memory.doubledAt >= memory.quietMs) {
    memory.quietMs = Math.min(memory.quietMs * 2, MAX_QUIET_MS)
    memory.doubledAt = at
  }
  memory.changedAt = at
  memory.fingerprint = fingerprint
}

function firstQuietMs({ mtimeMs, ctimeMs }: Fingerprint): number {
  const isCoarse = mtimeMs % 1000 === 0 && ctimeMs % 1000 === 0
  return isCoarse ? FIRST_QUIET_MS + COARSE_STEP_MS : FIRST_QUIET_MS
}

/** When the file changed by its own times. Programs set the mtime to what they like; a ctime in the future says nothing. */
function changeTime({ mtimeMs, ctimeMs }: Fingerprint, now: number): number {
  if (ctimeMs > now) return now
  return mtimeMs > now ? ctimeMs : Math.max(mtimeMs, ctimeMs)
}

/** By what was seen at the last look. */
function decide(memory: Memory): SettleVerdict {
  const { lookedAt: now, changedAt, quietMs, takenAt } = memory
  const quietFor = now - changedAt
  if (!isRestless(memory)) return quietFor >= quietMs ? settled(memory) : notYet(quietMs - quietFor)
  const dueAt = takenAt === null ? now : takenAt + RESTLESS_INTERVAL_MS
  if (quietFor >= RESTLESS_AFTER_MS || now >= dueAt) return settled(memory)
  return notYet(Math.min(dueAt - now, RESTLESS_AFTER_MS - quietFor))
}

/** A restless file is taken at its next change, or else after its quiet. */
function latestAt({ changingSince, takenAt }: Memory): number {
  const restlessAt = changingSince + RESTLESS_AFTER_MS + MAX_QUIET_MS
  return takenAt === null ? restlessAt : Math.max(restlessAt, takenAt + RESTLESS_INTERVAL_MS)
}

function isRestless({ changedAt, changingSince }: Memory): boolean {
  return changedAt - changingSince >= RESTLESS_AFTER_MS
}

function settled(memory: Memory): SettleVerdict {
  const isAtRest = memory.lookedAt - memory.changedAt >= RESTLESS_AFTER_MS
  return isRestless(memory) && !isAtRest ? { kind: 'settled', isRestless: true } : { kind: 'settled' }
}

/** Times of files have fractions, and no look may come a moment too early. */
function notYet(waitMs: number): SettleVerdict {
  return { kind: 'not-yet', lookAgainInMs: Math.ceil(waitMs) }
}

/** The clock was: no time has passed since the last look. */
function setBack(memory: Memory, byMs: number): void {
  memory.lookedAt -= byMs
  memory.changedAt -= byMs
  memory.changingSince -= byMs
  memory.doubledAt -= byMs
  if (memory.takenAt !== null) memory.takenAt -= byMs
}
