/** Jobs, and attempts at them, as the rows that people see. */
import type { UnixMs } from '../../../shared/ids.ts'
import type { FailedRow, MovingRow, WaitingRow } from '../../../shared/model/transfer.ts'
import type { Job } from '../model/job.ts'
import type { Supervisor } from '../sync/supervisor.ts'
import type { RunningJob } from '../transfer/attempts.ts'
import { secondsLeft } from '../transfer/rate-meter.ts'
import { explainJob } from './explain.ts'

/** One attempt; `now` in Unix milliseconds. */
export function movingRow({ job, sentBytes, sparedBytes, phase, rate }: RunningJob, now: UnixMs): MovingRow {
  const reached = sentBytes + sparedBytes
  // A file that has grown since its job was written is sent as it is.
  const sizeBytes = Math.max(job.sizeBytes, reached)
  const isAllOut = phase === 'sending' && sizeBytes > 0 && reached >= sizeBytes
  const speed = rate.read(now)
  const isMoving = phase === 'sending' && !isAllOut
  return {
    ...common(job),
    sizeBytes,
    phase: isAllOut ? 'finishing' : phase,
    sentBytes: reached,
    bytesPerSecond: isMoving ? speed.bytesPerSecond : 0,
    secondsLeft: isMoving ? secondsLeft(speed, sizeBytes - reached, 0) : null,
  }
}

/** A job that waits for something that passes by itself. */
export function waitingRow(job: Job, supervisor: Supervisor): WaitingRow {
  return { group: 'waiting', ...common(job), isAsked: job.isAsked, why: explainJob(job, supervisor) }
}

/** A job that only a person can mend; null for one that nothing is the matter with any more. */
export function failedRow(job: Job): FailedRow | null {
  const { code, details, failingSince, notBefore } = job
  if (code === null || failingSince === null) return null
  const nextAttemptAt = notBefore > 0 ? notBefore : null
  return { group: 'failed', ...common(job), code, details: { ...details }, since: failingSince, nextAttemptAt }
}

function common({ jobId, folderId, path, kind, sizeBytes }: Job) {
  return { jobId, folderId, path, kind, sizeBytes }
}
