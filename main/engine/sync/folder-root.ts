/** The root of one sync folder: whether it is the one it was, and what follows where it is another. */
import type { SyncFolder } from '../../../shared/model/folder.ts'
import { sameFingerprint } from '../model/entry.ts'
import type { RootIdentity } from '../model/root.ts'
import { checkRoot, type RootVerdict } from '../scan/root-check.ts'
import { statBelow } from '../scan/stat-path.ts'
import type { State } from '../state/state.ts'

/** So many known files are looked for at most: one that is exactly as it was is enough, and a folder has it among its first. */
const PROOF_FILES = 200

export class FolderRoot {
  readonly #folder: SyncFolder
  readonly #state: State
  #known: RootIdentity | null

  constructor(folder: SyncFolder, state: State) {
    this.#folder = folder
    this.#state = state
    this.#known = state.folders.memory(folder.folderId).identity
  }

  /** Looks at the root, and remembers what it is like when it is the folder's. */
  check(): RootVerdict {
    const verdict = checkRoot(this.#folder.root, this.#known, () => this.#holdsKnownFile())
    if (verdict.kind === 'ok') this.#remember(verdict.identity, verdict.isAnother)
    return verdict
  }

  /**
   * A person says that this is the folder, whatever it was before. What is missing in it is asked about. Nothing happens
   * while there is nothing: what comes to be at the root later is not what the person has seen.
   */
  accept(): void {
    const { root, folderId } = this.#folder
    const verdict = checkRoot(root, null, () => true)
    if (verdict.kind === 'held') return
    const { identity } = verdict
    this.#state.transaction(() => {
      this.#state.folders.setIdentity(folderId, identity)
      this.#state.folders.setAsksEveryLoss(folderId, true)
    })
    this.#known = identity
  }

  #remember(identity: RootIdentity, isAnother: boolean): void {
    const { folderId } = this.#folder
    const known = this.#known
    const isSame = known?.dev === identity.dev && known.ino === identity.ino && known.markerId === identity.markerId
    if (isSame) return
    this.#state.transaction(() => {
      this.#state.folders.setIdentity(folderId, identity)
      if (isAnother) this.#state.folders.setAsksEveryLoss(folderId, true)
    })
    this.#known = identity
  }

  #holdsKnownFile(): boolean {
    const { root, folderId } = this.#folder
    const files = this.#state.base.listSome(folderId, PROOF_FILES)
    // Where nothing is known, nothing can be taken for lost.
    if (files.length === 0) return true
    return files.some(({ path, fingerprint }) => {
      const seen = statBelow(root, path)
      return seen.kind === 'file' && sameFingerprint(seen.fingerprint, fingerprint)
    })
  }
}
