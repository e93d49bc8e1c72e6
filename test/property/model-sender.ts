/**
 * Runs jobs against a `ModelDisk` and a `ModelBucket` as `sync/job-runner.ts` and `transfer/` run them against real ones,
 * in the three parts between which anything may happen: what is read, what is sent, what is recorded.
 */
import type { ErrorCode } from '../../shared/errors.ts'
import type { FolderId, RelativePath, UnixMs } from '../../shared/ids.ts'
import type { BaseEntry } from '../../main/engine/model/agreed.ts'
import { sameFingerprint, type Fingerprint } from '../../main/engine/model/entry.ts'
import type { Job } from '../../main/engine/model/job.ts'
import { decideRetry } from '../../main/engine/plan/retry-policy.ts'
import type { State } from '../../main/engine/state/state.ts'
import { sha1Of, type ModelBucket } from './model-bucket.ts'
import type { ModelDisk } from './model-disk.ts'
import type { Oracle } from './planner-oracle.ts'

/** Versions that a copy is tried from, as `transfer/upload.ts` does. */
const MAX_SOURCES = 3

export type SenderOptions = {
  readonly state: State
  readonly disk: ModelDisk
  readonly bucket: ModelBucket
  readonly oracle: Oracle
  readonly folderId: FolderId
  readonly now: () => UnixMs
  /** Lists the bucket unless that was done in this run. */
  readonly ensureListed: () => void
  /** The path of this job wants another look. */
  readonly onStale: (path: RelativePath) => void
}

/** A job that was looked into: what it does to the bucket, which returns how that is recorded; null where it failed. */
export type Attempt = { readonly send: () => Commit | null }
type Commit = () => void

export class ModelSender {
  readonly #options: SenderOptions

  constructor(options: SenderOptions) {
    this.#options = options
  }

  /** Reads what the job is about. */
  begin(job: Job): Attempt {
    const { ensureListed } = this.#options
    const isRemoval = job.kind === 'hide' || job.kind === 'delete'
    if (isRemoval) ensureListed()
    else if (job.isUncertain) this.#refreshName(job.path)
    return isRemoval ? this.#beginRemoval(job) : this.#beginUpload(job)
  }

  #refreshName(path: RelativePath): void {
    const { state, bucket, folderId, oracle } = this.#options
    const found = bucket.entry(path)
    oracle.sawVersion(path, found?.fileId)
    state.transaction(() => {
      if (found === undefined) state.remote.forget(folderId, path)
      else state.remote.put(folderId, found)
    })
  }

  /** What was sent before an upload was cut off may be in the bucket all the same. */
  #agreeOnArrival(path: RelativePath): void {
    const { state, folderId } = this.#options
    const found = state.remote.find(folderId, path)
    const isUnknown = found?.isOurs === true && found.sha1 !== null && state.base.find(folderId, path) === undefined
    if (isUnknown) state.agreeOnArrival(folderId, found, found.sha1)
  }

  #beginRemoval(job: Job): Attempt {
    const { state, disk, bucket, folderId, oracle, now } = this.#options
    const { path } = job
    const base = state.base.find(folderId, path)
    if (base === undefined || state.jobs.isToBeCopied(folderId, base)) return this.#needless(job)
    if (!disk.isAbsent(path) || state.losses.mayBeOnItsWay(folderId, path)) return this.#fail(job, 'file_vanished')
    oracle.beginsRemoval(path)
    return {
      send: () => {
        state.beginHiding(folderId, path)
        oracle.removes(path, base)
        bucket.hide(path)
        if (job.kind === 'delete') bucket.deleteAll(path)
        return () => {
          state.commitLoss(job, job.kind === 'delete' ? 'deleted' : 'hidden', now())
          oracle.removed(path)
        }
      },
    }
  }

  #beginUpload(job: Job): Attempt {
    const { state, disk, folderId } = this.#options
    const { path } = job
    const seen = disk.stat(path)
    const content = disk.read(path)
    if (seen.kind === 'unreadable') return this.#fail(job, 'file_unreadable')
    if (seen.kind !== 'file' || content === null) return this.#fail(job, 'file_vanished')
    const base = state.base.find(folderId, path)
    const remote = state.remote.find(folderId, path)
    const before = seen.fingerprint
    if (base !== undefined && sameFingerprint(base.fingerprint, before)) return this.#needless(job)
    const isEmptied = content === '' && base !== undefined && base.fingerprint.sizeBytes > 0
    if (isEmptied && state.losses.passOf(folderId, path) === null) return this.#fail(job, 'file_changed_while_reading')
    const sha1 = sha1Of(content)
    if (remote?.sha1 === sha1 && remote.sizeBytes === before.sizeBytes) {
      return this.#adopt(job, agree(path, before, content, remote.fileId), base)
    }
    if (remote !== undefined && base?.fileId !== remote.fileId) {
      const mayReplace = remote.isOurs && !(content === '' && remote.sizeBytes > 0)
      if (!mayReplace && !state.overwrites.isApproved(folderId, path, remote.fileId)) {
        return this.#fail(job, 'would_overwrite')
      }
    }
    return this.#send(job, before, content, base)
  }

  #adopt(job: Job, entry: BaseEntry, base: BaseEntry | undefined): Attempt {
    const { state, now } = this.#options
    return {
      send: () => () => {
        if (base?.fileId === entry.fileId) state.commitTouched(job, entry)
        else state.commitUpload(job, entry, now(), 'adopted', now())
      },
    }
  }

  #send(job: Job, before: Fingerprint, content: string, base: BaseEntry | undefined): Attempt {
    const { state, bucket, oracle, folderId, now } = this.#options
    const { path } = job
    const sha1 = sha1Of(content)
    const sources = content === '' ? [] : state.base.listSameContent(content.length, sha1)
    const wanted = [...(job.from?.sha1 === sha1 ? [job.from] : []), ...sources].slice(0, MAX_SOURCES)
    const pass = state.losses.passOf(folderId, path)
    return {
      send: () => {
        const source = content === '' ? undefined : wanted.find(({ fileId }) => bucket.find(fileId) !== undefined)
        oracle.replaces(path, base)
        if (source === undefined) oracle.uploads(path, content, { base, pass, before, sources })
        const version = bucket.upload(path, content, true)
        oracle.sawVersion(path, version.fileId)
        return () => {
          const verb = source === undefined ? 'uploaded' : 'copied'
          state.commitUpload(job, agree(path, before, content, version.fileId), now(), verb, now())
          if (content === '') oracle.sent(path)
        }
      },
    }
  }

  #needless(job: Job): Attempt {
    const { state } = this.#options
    return {
      send: () => () => {
        state.transaction(() => {
          state.jobs.complete(job)
        })
      },
    }
  }

  #fail(job: Job, code: ErrorCode): Attempt {
    return {
      send: () => {
        this.#settleFailure(job, code)
        return null
      },
    }
  }

  #settleFailure(job: Job, code: ErrorCode): void {
    const { state, now, onStale } = this.#options
    const decision = decideRetry(code, job.attempts)
    if (decision.kind === 'look-again') {
      if (job.isUncertain) this.#agreeOnArrival(job.path)
      state.transaction(() => {
        state.jobs.complete(job)
      })
      onStale(job.path)
      return
    }
    const { isUncertain } = job
    const next = { isUncertain, attempts: job.attempts + 1, code, details: {}, failedAt: now() }
    state.transaction(() => {
      state.jobs.reschedule(job, { ...next, notBefore: (now() + decision.waitMs) as UnixMs })
    })
  }
}

function agree(
  path: RelativePath,
  { dev: _, ...fingerprint }: Fingerprint,
  content: string,
  fileId: string,
): BaseEntry {
  return { path, fingerprint: { ...fingerprint, isOtherDevice: false }, sha1: sha1Of(content), fileId }
}
