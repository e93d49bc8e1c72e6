/** A bucket, an empty folder, and what brings one into the other. */
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AbsolutePath } from '../../shared/ids.ts'
import { restore, type RestoreEvent, type RestoreOptions } from '../../main/engine/restore/restore.ts'
import { STAGING_NAME } from '../../main/engine/scan/junk-names.ts'
import { connect } from '../b2-emulator/test-client.ts'
import type { EmulatorOptions } from '../b2-emulator/emulator.ts'
import { BUCKET, inParts, MODIFIED, sha1Of, startB2Bench } from './b2-bench.ts'
import { tempFolder } from './temp-folder.ts'
import { writeFile } from './test-bench.ts'

export type RestoreBench = Awaited<ReturnType<typeof openRestoreBench>>

/** To be called inside a test, or a hook of one; `close` ends it. */
export async function openRestoreBench(options: EmulatorOptions & { readonly root?: AbsolutePath } = {}) {
  const bench = await startB2Bench({ absoluteMinimumPartSize: 1_000, ...options })
  const { emulator, bucketId } = bench
  const client = bench.connect({ timeouts: { silenceMs: 1_000, headersMs: 1_000 } })
  const raw = await connect(emulator)
  const root = options.root ?? (join(tempFolder(), 'restored') as AbsolutePath)
  const path = (name: string): string => join(root, name)
  return {
    ...bench,
    client,
    root,
    path,
    /** A file in the bucket, below `p/`. */
    put: (name: string, content: string | Buffer, fileInfo: Readonly<Record<string, string>> = {}) =>
      client.uploadFile(bench.anUpload(`p/${name}`, content, { fileInfo })),
    /** The same for names that no careful client makes. */
    async putHostile(name: string, content: string): Promise<void> {
      const headers = { 'X-Bz-Info-src_last_modified_millis': `${MODIFIED}` }
      const { status } = await raw.upload(BUCKET, `p/${name}`, content, headers)
      if (status !== 200) throw new Error(`the emulator refuses ${JSON.stringify(name)}`)
    },
    async putLarge(name: string, content: Buffer, fileInfo: Readonly<Record<string, string>> = {}) {
      const { version } = await client.uploadLargeFile({
        bucketId,
        fileName: `p/${name}`,
        srcLastModifiedMillis: MODIFIED,
        fileInfo,
        ...inParts(content),
      })
      return version
    },
    /** A file here. */
    write: (name: string, content: string) => writeFile(path(name), content),
    read: (name: string): string => readFileSync(path(name), 'utf8'),
    sha1: (name: string): string => sha1Of(readFileSync(path(name))),
    exists: (name: string): boolean => existsSync(path(name)),
    /** All names below the folder, but for directories. */
    names: (): readonly string[] =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((name) => !lstatSync(path(name)).isDirectory())
        .toSorted(),
    isStagingGone: (): boolean => !existsSync(path(STAGING_NAME)),
    downloads: (): readonly string[] =>
      emulator.calls
        .filter(({ operation }) => operation === 'download_file_by_id')
        .map(({ fileName }) => fileName?.slice(2) ?? ''),
    async restore(more: Partial<RestoreOptions> = {}) {
      const events: RestoreEvent[] = []
      writeFile(join(dirname(root), 'beside'), 'untouched')
      mkdirSync(root, { recursive: true })
      const result = await restore({
        b2: client,
        bucketId,
        prefix: 'p/',
        root,
        overwrites: false,
        downloads: 8,
        continuesFolder: true,
        signal: new AbortController().signal,
        onEvent: (event) => events.push(event),
        onProgress: () => undefined,
        ...more,
      })
      return { ...result, events }
    },
  }
}
