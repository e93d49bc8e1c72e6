/**
 * What a scenario is made of: plain data that `play.ts` plays. `steps.ts` has a short word for each step.
 *
 * Paths are relative to the folder's root, with `/`; `../second/x` is a path of the second folder, where there is one.
 */
import type { ErrorCode } from '../../shared/errors.ts'
import type { Decision, DecisionKind } from '../../shared/model/decision.ts'
import type { Explanation, SkipReason } from '../../shared/model/explanation.ts'
import type { FolderSettings } from '../../shared/model/folder.ts'
import type { StatusKind } from '../../shared/model/status.ts'
import type { Fault } from '../b2-emulator/faults.ts'

/** Path to content. A path that ends with `/` is an empty directory. */
export type Tree = Readonly<Record<string, string>>

/** What a program does to the files of a folder. Done in one go: the engine sees what is before and what is after it. */
export type DiskStep =
  /** `keepsTimes` gives the file the times it had, as a restored backup or an interrupted disk does. */
  | { readonly do: 'write'; readonly path: string; readonly content: string; readonly keepsTimes?: boolean }
  | { readonly do: 'append'; readonly path: string; readonly content: string; readonly keepsTimes?: boolean }
  | { readonly do: 'truncate'; readonly path: string; readonly sizeBytes: number; readonly keepsTimes?: boolean }
  /** Gives a file another time of its last change; `byHours` is added to the present one. */
  | { readonly do: 'touch'; readonly path: string; readonly byHours: number }
  | { readonly do: 'chmod'; readonly path: string; readonly mode: number }
  | { readonly do: 'rename'; readonly from: string; readonly to: string }
  | { readonly do: 'copy'; readonly from: string; readonly to: string }
  | { readonly do: 'swap'; readonly a: string; readonly b: string }
  | { readonly do: 'remove'; readonly path: string }
  | { readonly do: 'make-directory'; readonly path: string }
  | { readonly do: 'link'; readonly from: string; readonly to: string }
  | { readonly do: 'symlink'; readonly path: string; readonly target: string }
  | { readonly do: 'fifo'; readonly path: string }
  | { readonly do: 'socket'; readonly path: string }
  /** A file of this size that has only these bytes at its end; the rest is a hole. */
  | { readonly do: 'sparse'; readonly path: string; readonly sizeBytes: number; readonly end: string }
  /** A file whose name is these bytes. */
  | { readonly do: 'write-raw'; readonly directory: string; readonly nameHex: string; readonly content: string }
  | { readonly do: 'make-unreadable'; readonly path: string }
  | { readonly do: 'make-readable'; readonly path: string }
  /** To a place outside of every folder, and back from there. */
  | { readonly do: 'move-out'; readonly path: string }
  | { readonly do: 'move-in'; readonly path: string }
  /** The root itself goes elsewhere, and comes back. */
  | { readonly do: 'move-root-away' }
  | { readonly do: 'bring-root-back' }
  /** Another directory stands where the root was, with these files; `bring-root-back` ends that. */
  | { readonly do: 'replace-root'; readonly tree: Tree }
  /** The root is replaced by its own copy, marker included: other inodes, the same content and times. */
  | { readonly do: 'copy-root' }
  /** Everything in the root goes elsewhere, and comes back; the marker stays unless it says otherwise. */
  | { readonly do: 'empty-root'; readonly withMarker?: boolean }
  | { readonly do: 'refill-root' }
  /** Several steps in one go. */
  | { readonly do: 'together'; readonly steps: readonly DiskStep[] }

/** What another program does in the bucket. Names are whole names, prefix included. */
export type RemoteStep =
  | { readonly do: 'upload-remotely'; readonly name: string; readonly content: string }
  | { readonly do: 'hide-remotely'; readonly name: string }
  | { readonly do: 'delete-versions-remotely'; readonly name: string }
  /** Days pass in B2, and the lifecycle rules are applied. */
  | { readonly do: 'run-lifecycle'; readonly afterDays: number }

/** What a person does in Pail. */
export type PersonStep =
  | { readonly do: 'pause'; readonly what: 'everything' | 'folder'; readonly seconds?: number }
  | { readonly do: 'resume'; readonly what: 'everything' | 'folder' }
  | { readonly do: 'check-now' }
  | { readonly do: 'set'; readonly settings: Partial<FolderSettings>; readonly confirmation?: string }
  /** Waits until there is something of the kind to decide, and answers that. */
  | { readonly do: 'decide'; readonly kind: DecisionKind; readonly answer: 'apply' | 'keep' }
  /** Answers the list as it was when the engine was last at rest, although it may have changed. */
  | { readonly do: 'decide-late'; readonly kind: DecisionKind; readonly answer: 'apply' | 'keep' }
  | { readonly do: 'remove-folder' }
  | { readonly do: 'add-folder'; readonly prefix?: string; readonly settings?: Partial<FolderSettings> }
  /** The root is moved to another place on the machine, and Pail is told. */
  | { readonly do: 'move-folder' }
  | { readonly do: 'change-prefix'; readonly prefix: string }
  | { readonly do: 'accept-root' }

/** What happens to the machine, the network or Pail itself. */
export type MachineStep =
  | { readonly do: 'restart' }
  /** The account and the folder are set up anew. */
  | { readonly do: 'delete-database' }
  | { readonly do: 'keep-database' }
  /** Puts back what `keep-database` kept. */
  | { readonly do: 'restore-database' }
  | { readonly do: 'jump-clock'; readonly hours: number }
  | { readonly do: 'go-offline' }
  | { readonly do: 'go-online' }
  | { readonly do: 'fail-next'; readonly operation: string; readonly fault: Fault }
  | { readonly do: 'expire-tokens' }
  /** Waits until the engine has noticed that something changed. */
  | { readonly do: 'until-noticed' }
  /** Waits until B2 has done so many calls of this kind since the engine was last at rest. */
  | { readonly do: 'until-called'; readonly operation: string; readonly times: number }
  /** So many seconds of the engine's time pass. */
  | { readonly do: 'let-pass'; readonly seconds: number }

/** What is true once the engine is at rest. What is left out is not looked at, unless it says otherwise. */
export type Expectation = {
  /** `up-to-date` unless something is held. */
  readonly status?: StatusKind
  /** The folder is held for this reason, which is then the status. */
  readonly held?: ErrorCode
  /** Regular files on disk that the bucket does not show as they are; none by default. */
  readonly leftOut?: readonly string[]
  /** What the bucket shows besides the files on disk; nothing by default. */
  readonly kept?: Tree
  /** The bucket shows what it showed before the steps, whatever is on disk. */
  readonly isRemoteUnchanged?: boolean
  /** Every open problem; none where the status is `up-to-date`. */
  readonly problems?: readonly { readonly code: ErrorCode; readonly path: string | null }[]
  /** Rows of the list of what is never sent. */
  readonly skipped?: Readonly<Record<string, SkipReason>>
  readonly explained?: Readonly<Record<string, Explanation['kind']>>
  /** Everything that waits for an answer; nothing where the status is `up-to-date`. */
  readonly decisions?: readonly Pick<Decision, 'kind' | 'files'>[]
  /** Paths of what was done since the engine was last at rest, in order of names, each as often as it was done. */
  readonly uploads?: readonly string[]
  readonly copies?: readonly string[]
  readonly hides?: readonly string[]
  readonly deletions?: readonly string[]
  /** Bytes of file content that were sent. */
  readonly uploadedBytes?: number
  /** How many large files were begun, and how many of their parts were sent, or copied from what the bucket had. */
  readonly parts?: { readonly begun: number; readonly sent: number; readonly copied: number }
  /** No call that changes anything was made. */
  readonly isWithoutWrites?: boolean
  /** All versions of a path in the bucket, the newest first; null for a hide marker. */
  readonly versions?: Readonly<Record<string, readonly (string | null)[]>>
  /** The bucket's lifecycle rules, by prefix: days from hiding to deleting. */
  readonly lifecycle?: Readonly<Record<string, number | null>>
}

export type Step =
  | DiskStep
  | RemoteStep
  | PersonStep
  | MachineStep
  /** The step is refused with this code. */
  | { readonly do: 'refused'; readonly code: ErrorCode; readonly step: PersonStep }
  /** Waits until the engine is at rest and compares. */
  | { readonly do: 'settle'; readonly expect: Expectation }

/** The ways to play a scenario, see `play.ts`. */
export const MODES = ['watching', 'stopped', 'wild-hints'] as const
export type Mode = (typeof MODES)[number]

export type Scenario = {
  /** A sentence about what Pail does. */
  readonly name: string
  /** The numbers, in the list of what goes wrong with clients like this, that it is about. */
  readonly covers: readonly number[]
  /** The ways it can be played, all by default; `because` says why not. */
  readonly only?: { readonly modes: readonly Mode[]; readonly because: string }
  /** rclone compares folder and bucket at the end; in the long form it always does. */
  readonly isJudged?: boolean
  readonly settings?: Partial<FolderSettings>
  /** What is on disk before the folder is added. */
  readonly init: Tree
  /** A second folder, at `../second` and under the prefix `second/`. */
  readonly second?: Tree
  /** What is in the bucket before that, by whole name: other programs brought it there. */
  readonly bucket?: Tree
  /** Steps before the folder is added: what a tree cannot say. */
  readonly prepare?: readonly DiskStep[]
  /** What is true after the folder was added; by default that everything is in the bucket. */
  readonly first?: Expectation
  readonly steps: readonly Step[]
  /** What is true at the end; by default that everything is in the bucket. */
  readonly expect?: Expectation
}
