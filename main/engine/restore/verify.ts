/**
 * Proves that a folder and a prefix of a bucket hold the same, by SHA-1.
 *
 * The files here are read; of those in the bucket the SHA-1 is taken that B2 computed when they came. Of a large file it
 * knows those of its parts only, so the one that the uploader has noted is taken, and counted apart, or the file is
 * downloaded, as are those of which nobody knows anything. What sync leaves out is left out here, on both sides.
 */
import { statfsSync } from 'node:fs'
import { isEngineError } from '../../../shared/errors.ts'
import type { AbsolutePath, RelativePath, Sha1Hex } from '../../../shared/ids.ts'
import type { B2Client } from '../b2/client.ts'
import { computedSha1, vouchedSha1 } from '../b2/content-sha1.ts'
import { MAX_LIST_PAGE } from '../b2/limits.ts'
import { joinSignals } from '../lib/joined-signal.ts'
import type { DirectoryPath } from '../lib/paths.ts'
import { Slots } from '../lib/slots.ts'
import { sha1OfStream } from '../lib/stream-hash.ts'
import { sameFingerprint } from '../model/entry.ts'
import { readIgnoreFile } from '../scan/ignore-file.ts'
import { createIgnoreRules, type IgnoreRule } from '../scan/ignore-rules.ts'
import { MARKER_DRAFT_NAME, MARKER_NAME } from '../scan/root-marker.ts'
import { statBelow } from '../scan/stat-path.ts'
import { walk } from '../scan/walker.ts'
import { NameMap, nameRulesOf } from './names.ts'
import { sha1OfFile } from './read-file.ts'
import { isHereAsItIs } from './target.ts'
import { wantedFrom, type WantedFile } from './wanted.ts'

/** Reads that wait for the disk; one core hashes more than most disks give. */
const FILES_AT_ONCE = 16

/** Paths are those here. */
export type Difference = {
  readonly kind: 'missing-here' | 'missing-there' | 'different' | 'unreadable'
  readonly path: string
}

export type VerifyOptions = {
  readonly b2: B2Client
  readonly bucketId: string
  /** Empty, or with a slash at its end. */
  readonly prefix: string
  readonly root: AbsolutePath
  /** As sync has them. */
  readonly isIgnored: IgnoreRule
  /** Whether large files are downloaded although their uploader has noted a SHA-1. */
  readonly downloadsLarge: boolean
  readonly signal: AbortSignal
  readonly onDifference: (difference: Difference) => void
  readonly onProgress: (result: VerifyResult) => void
}

/** Numbers of files, but for the bytes. */
export type VerifyResult = {
  readonly same: number
  /** Those of them of which B2 has only the SHA-1 that their uploader noted. */
  readonly noted: number
  readonly different: number
  readonly missingHere: number
  readonly missingThere: number
  readonly unreadable: number
  /** In the bucket, but sync leaves such names alone. */
  readonly leftOut: number
  /** Nobody vouches for their bytes in B2, so they were downloaded. */
  readonly downloaded: number
  readonly bytesDownloaded: number
}

type ComparedFile = WantedFile & { readonly isNoted: boolean }

/** Throws what the B2 client throws, and the reason of the signal. */
export async function verify(options: VerifyOptions): Promise<VerifyResult> {
  return new Verification(options).run()
}

class Verification {
  readonly #options: VerifyOptions
  readonly #slots = new Slots(FILES_AT_ONCE)
  /** Paths of what is in the bucket. */
  readonly #there = new Set<string>()
  readonly #count = {
    same: 0,
    noted: 0,
    different: 0,
    missingHere: 0,
    missingThere: 0,
    unreadable: 0,
    leftOut: 0,
    downloaded: 0,
    bytesDownloaded: 0,
  }

  constructor(options: VerifyOptions) {
    this.#options = options
  }

  async run(): Promise<VerifyResult> {
    const { signal: asked } = this.#options
    const broken = new AbortController()
    const { signal, release: letGo } = joinSignals(asked, broken.signal)
    const running = new Set<Promise<void>>()
    try {
      for await (const wanted of this.#listBucket(signal)) {
        const release = await this.#slots.take(signal)
        const check = this.#check(wanted, signal)
          .catch((error: unknown) => broken.abort(error))
          .finally(() => {
            release()
            running.delete(check)
          })
        running.add(check)
      }
      await Promise.all(running)
      await this.#walkFolder(signal)
      signal.throwIfAborted()
      return this.#count
    } finally {
      broken.abort()
      await Promise.all(running)
      letGo()
    }
  }

  /** What should be here. */
  async *#listBucket(signal: AbortSignal): AsyncGenerator<ComparedFile> {
    const { b2, bucketId, prefix, root, isIgnored, downloadsLarge } = this.#options
    const rules = nameRulesOf(process.platform, statfsSync(root).type)
    const names = new NameMap(rules)
    for await (const page of b2.listFileNames(bucketId, { prefix, pageSize: MAX_LIST_PAGE, signal })) {
      for (const version of page) {
        const name = version.fileName.slice(prefix.length)
        const mapped = names.map(name)
        // Sync takes names as they are, also those that look like an escape.
        const isAsItIs = mapped.isMapped && isHereAsItIs(root, name, rules)
        const path = isAsItIs ? (name as RelativePath) : mapped.path
        this.#there.add(path)
        if (name !== MARKER_NAME && name !== MARKER_DRAFT_NAME && !isIgnored(path, false)) {
          // A claim that B2 has not looked at proves nothing.
          const computed = computedSha1(version)
          const sha1 = downloadsLarge ? computed : vouchedSha1(version)
          yield { ...wantedFrom(version, path), sha1, isNoted: computed === null && sha1 !== null }
        } else this.#count.leftOut += 1
      }
    }
  }

  async #check(wanted: ComparedFile, signal: AbortSignal): Promise<void> {
    const verdict = await this.#compare(wanted, signal)
    if (verdict === 'same') {
      this.#count.same += 1
      if (wanted.isNoted) this.#count.noted += 1
    } else this.#tell(verdict, wanted.path)
    this.#options.onProgress(this.#count)
  }

  async #compare(wanted: WantedFile, signal: AbortSignal): Promise<Difference['kind'] | 'same'> {
    const { root } = this.#options
    const { path } = wanted
    const found = statBelow(root, path)
    if (found.kind === 'unreadable') return 'unreadable'
    if (found.kind !== 'file') return 'missing-here'
    if (found.fingerprint.sizeBytes !== wanted.sizeBytes) return 'different'
    try {
      const here = await sha1OfFile(root, path, signal)
      const now = statBelow(root, path)
      // Of a file that is being written nothing can be said.
      if (now.kind !== 'file' || !sameFingerprint(now.fingerprint, found.fingerprint)) return 'unreadable'
      return here === (wanted.sha1 ?? (await this.#download(wanted, signal))) ? 'same' : 'different'
    } catch (error) {
      if (isEngineError(error, 'file_unreadable')) return 'unreadable'
      if (isEngineError(error, 'not_found')) return 'missing-there'
      throw error
    }
  }

  async #download({ fileId }: WantedFile, signal: AbortSignal): Promise<Sha1Hex> {
    const { chunks } = await this.#options.b2.downloadFile({ fileId }, { signal })
    const count = this.#count
    count.downloaded += 1
    async function* counted(): AsyncGenerator<Uint8Array> {
      try {
        for await (const chunk of chunks) {
          count.bytesDownloaded += chunk.length
          yield chunk
        }
      } catch (error) {
        // All of it has arrived, and is not what was noted of it: what it is counts.
        if (!isEngineError(error, 'checksum_mismatch')) throw error
      }
    }
    return sha1OfStream(counted(), signal)
  }

  /** What is here and not in the bucket. */
  async #walkFolder(signal: AbortSignal): Promise<void> {
    const { root, isIgnored } = this.#options
    for await (const step of walk(root, '', isIgnored, signal)) {
      if (step.kind === 'unreadable') {
        this.#tell('unreadable', step.directory)
        continue
      }
      for (const { path } of step.files) if (!this.#there.has(path)) this.#tell('missing-there', path)
      for (const { path, reason } of step.skipped) {
        if (reason === 'unreadable' && !this.#there.has(path)) this.#tell('unreadable', path)
      }
    }
  }

  #tell(kind: Difference['kind'], path: string): void {
    const counts = {
      'missing-here': 'missingHere',
      'missing-there': 'missingThere',
      different: 'different',
      unreadable: 'unreadable',
    } as const
    this.#count[counts[kind]] += 1
    this.#options.onDifference({ kind, path })
  }
}

/** The rules of a folder; `settings` are further ones, and `own` is Pail's data folder where that is in it. Throws `ignore_rules_unreadable`. */
export function ignoreRulesOf(root: AbsolutePath, settings: string, own: DirectoryPath | null): IgnoreRule {
  return createIgnoreRules({ settings, file: readIgnoreFile(root), own }).isIgnored
}
