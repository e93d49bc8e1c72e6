/** The folders that were chosen so far: looked at when they are added, then counted; kept while going back and forth. */
import { useState } from 'react'
import { isEngineError } from '../../../shared/errors.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { FolderPreview } from '../../../shared/model/preview.ts'
import { engine } from '../../client/engine-client.ts'
import { baseName } from '../../../shared/format/path.ts'
import { t } from '../../i18n/texts.ts'
import { textOfError } from '../../state/actions.ts'
import { suggestPlace, wholePlace } from './places.ts'

export type FolderDraft = {
  readonly root: AbsolutePath
  /** The place in the bucket, behind what the key prescribes. */
  readonly typed: string
  /** What it holds; null while that is counted. Counted once more, for longer, where it was not complete. */
  readonly preview: FolderPreview | null
  /** Why it could not be counted. */
  readonly problem: string | null
}

/** How long a folder is counted that the first seconds were not enough for. */
const PATIENT_SECONDS = 60

export type FolderDrafts = ReturnType<typeof useFolderDrafts>

export function useFolderDrafts() {
  const [drafts, setDrafts] = useState<readonly FolderDraft[]>([])
  /** A sentence for each folder that was not added, of the last time. */
  const [refusals, setRefusals] = useState<readonly string[]>([])

  function change(root: AbsolutePath, changed: Partial<FolderDraft>): void {
    setDrafts((before) => before.map((draft) => (draft.root === root ? { ...draft, ...changed } : draft)))
  }

  async function count(root: AbsolutePath, seconds?: number): Promise<void> {
    try {
      const preview = await engine().previewFolder(seconds === undefined ? { root } : { root, seconds })
      change(root, { preview })
      if (!preview.complete && seconds === undefined) await count(root, PATIENT_SECONDS)
    } catch (error) {
      change(root, { problem: textOfError(error).advice })
    }
  }

  return {
    drafts,
    refusals,
    /** Adds what may be added; of the rest it says why not. `taken` are the places of other folders in the bucket. */
    async add(paths: readonly AbsolutePath[], keyPrefix: string, taken: readonly string[]): Promise<void> {
      const known = [...drafts]
      const refused: string[] = []
      for (const path of paths) {
        try {
          const { root } = await engine().checkFolder({ root: path, besides: known.map((draft) => draft.root) })
          const places = [...taken, ...known.map(({ typed }) => wholePlace(keyPrefix, typed))]
          known.push({ root, typed: suggestPlace(root, keyPrefix, places), preview: null, problem: null })
        } catch (error) {
          // Chosen a second time it is there already, which is no mistake worth a word.
          if (!known.some(({ root }) => root === path)) refused.push(refusalText(path, error))
        }
      }
      const added = known.slice(drafts.length)
      setDrafts((before) => [...before, ...added])
      setRefusals(refused)
      for (const { root } of added) void count(root)
    },
    /** Says that something was not added, without having tried. */
    refuse(text: string): void {
      setRefusals([text])
    },
    remove(root: AbsolutePath): void {
      setDrafts((before) => before.filter((draft) => draft.root !== root))
      setRefusals([])
    },
    type(root: AbsolutePath, typed: string): void {
      change(root, { typed })
    },
  }
}

function refusalText(path: AbsolutePath, error: unknown): string {
  const words = t.setup.folders
  const name = baseName(path)
  if (isEngineError(error, 'folder_overlaps')) return words.overlaps(name, String(error.details['root'] ?? ''))
  if (isEngineError(error, 'root_missing')) return words.notAFolder(name)
  return isEngineError(error, 'root_unreadable') ? words.unreadableRoot(name) : textOfError(error).advice
}
