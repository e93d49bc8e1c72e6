/** The ignore rules of one sync folder: built-in ones, those of its settings, those of its `.pailignore`. */
import { isEngineError } from '../../../shared/errors.ts'
import type { RelativePath } from '../../../shared/ids.ts'
import type { IgnoreReason } from '../../../shared/model/explanation.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { Clock } from '../lib/clock.ts'
import type { DirectoryPath } from '../lib/paths.ts'
import { IGNORE_FILE_NAME, readIgnoreFile } from '../scan/ignore-file.ts'
import { previewIgnored, type IgnoredPreview } from '../scan/ignore-preview.ts'
import { createIgnoreRules, type IgnoreRules } from '../scan/ignore-rules.ts'

export class FolderRules {
  readonly #ownData: DirectoryPath | null
  #folder: SyncFolder
  #file: string | null = null
  #rules: IgnoreRules
  #isUnreadable = false
  #hasChanged = false

  constructor(folder: SyncFolder, ownData: DirectoryPath | null) {
    this.#folder = folder
    this.#ownData = ownData
    this.#rules = this.#create(folder.settings.ignoreRules)
  }

  /** True while there are rules in the folder that cannot be read. */
  get isUnreadable(): boolean {
    return this.#isUnreadable
  }

  /** Whether a path is ignored by the rules as they are at the time of the call. */
  readonly isIgnored = (path: RelativePath, isDirectory: boolean): boolean => this.#rules.isIgnored(path, isDirectory)

  isRuleFile(path: DirectoryPath): boolean {
    return path === IGNORE_FILE_NAME
  }

  update(folder: SyncFolder): void {
    this.#hasChanged ||= folder.settings.ignoreRules !== this.#folder.settings.ignoreRules
    this.#folder = folder
    this.#rules = this.#create(folder.settings.ignoreRules)
  }

  /** Reads the file again; true when rules changed since the last time. Rules that cannot be read leave the ones before in force. */
  refresh(): boolean {
    try {
      const file = readIgnoreFile(this.#folder.root)
      this.#isUnreadable = false
      if (file !== this.#file) {
        this.#file = file
        this.#rules = this.#create(this.#folder.settings.ignoreRules)
        this.#hasChanged = true
      }
    } catch (error) {
      if (!isEngineError(error, 'ignore_rules_unreadable')) throw error
      this.#isUnreadable = true
    }
    const hasChanged = this.#hasChanged
    this.#hasChanged = false
    return hasChanged
  }

  /** Which rule ignores a path, or a directory above it; null for none. */
  explain(path: RelativePath, isDirectory: boolean): IgnoreReason | null {
    return this.#rules.explain(path, isDirectory)
  }

  /** What other rules in the settings would leave out that is sent now. */
  preview(ignoreRules: string, clock: Clock, limitMs: number, signal: AbortSignal): Promise<IgnoredPreview> {
    const candidate = this.#create(ignoreRules)
    return previewIgnored({ root: this.#folder.root, current: this.#rules, candidate, signal, limitMs, clock })
  }

  #create(settings: string): IgnoreRules {
    return createIgnoreRules({ settings, file: this.#file, own: this.#ownData })
  }
}
