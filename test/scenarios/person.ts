/** What a person does in Pail, by way of the engine's procedures. */
import { assertNever } from '../../shared/assert-never.ts'
import { DEFAULT_FOLDER_SETTINGS } from '../../shared/model/folder.ts'
import type { DecisionKind } from '../../shared/model/decision.ts'
import { RelativePath, type FolderId, type UnixMs } from '../../shared/ids.ts'
import { addFolders, nameOf, type Game } from './game.ts'
import type { PersonStep } from './scenario.ts'

/** Rows of a decision's list asked for at once; fewer than some lists have. */
const PAGE = 40

/** Rejects with the engine's error where it refuses. */
export async function answerAsPerson(game: Game, step: PersonStep): Promise<void> {
  const { stage } = game
  const { api } = stage.engine
  const folderId = game.folderId as FolderId
  const only = (what: 'everything' | 'folder') => (what === 'folder' ? { folderId } : {})
  switch (step.do) {
    case 'pause': {
      const until = step.seconds === undefined ? null : ((stage.clock.now() + step.seconds * 1000) as UnixMs)
      await api.pause({ ...only(step.what), until })
      return
    }
    case 'resume':
      await api.resume(only(step.what))
      return
    case 'check-now':
      await api.checkNow({})
      return
    case 'set': {
      const { settings, confirmation } = step
      noteSettings(game, settings)
      await api.updateFolder({ folderId, settings, ...(confirmation === undefined ? {} : { confirmation }) })
      return
    }
    case 'decide':
      return decide(game, step.kind, await awaitList(game, step.kind), step.answer)
    case 'decide-late': {
      const late = game.lastLists.get(step.kind) ?? 'none'
      await awaitList(game, step.kind, late)
      return api.decide({ folderId, kind: step.kind, listId: late, answer: step.answer })
    }
    case 'remove-folder':
      await api.removeFolder({ folderId })
      game.folderId = null
      return
    case 'add-folder':
      return addFolders(game, step.prefix, step.settings)
    case 'move-folder': {
      const root = stage.disk.relocate('moved')
      stage.witness.watch(stage.witness.folders.map((folder, i) => (i === 0 ? { ...folder, root } : folder)))
      await api.moveFolder({ folderId, root: root as never })
      return
    }
    case 'change-prefix': {
      const { prefix } = step
      stage.witness.watch(stage.witness.folders.map((folder, i) => (i === 0 ? { ...folder, prefix } : folder)))
      await api.changePrefix({ folderId, prefix })
      return
    }
    case 'accept-root':
      stage.witness.watch(stage.witness.folders)
      await api.acceptRoot({ folderId })
      return
    default:
      return assertNever(step)
  }
}

/** What the witness has to know of settings: the delay, the gate, and what may be removed for good. */
function noteSettings({ stage }: Game, settings: Extract<PersonStep, { do: 'set' }>['settings']): void {
  const { witness } = stage
  const [folder] = witness.folders
  const { deletionPolicy, deleteDelaySeconds, gateFiles, gatePercent } = settings
  if (deletionPolicy?.kind === 'hide-then-remove') witness.ruledPrefixes.add(folder?.prefix ?? '')
  if (deletionPolicy?.kind === 'delete') witness.deletesAbsent = true
  if (deleteDelaySeconds !== undefined) {
    witness.deleteDelayMs *= deleteDelaySeconds / DEFAULT_FOLDER_SETTINGS.deleteDelaySeconds
  }
  witness.gate = { files: gateFiles ?? witness.gate.files, percent: gatePercent ?? witness.gate.percent }
}

/** Waits until there is something of the kind to decide, and other than `earlier`; returns the list's id. */
async function awaitList({ stage, mode }: Game, kind: DecisionKind, earlier?: string): Promise<string> {
  // Of lost hints nothing is learned before the next check.
  if (mode !== 'watching') await stage.engine.api.checkNow({})
  const find = () => stage.engine.snapshot().folders[0]?.decisions.find((decision) => decision.kind === kind)?.listId
  await stage.until(
    () => find() !== undefined && find() !== earlier,
    () => stage.engine.snapshot().folders,
  )
  return find() ?? ''
}

/** Reads the whole list as a person would, page by page, then answers. */
async function decide(game: Game, kind: DecisionKind, listId: string, answer: 'apply' | 'keep'): Promise<void> {
  const { stage } = game
  const { api } = stage.engine
  const folderId = game.folderId as FolderId
  const paths: RelativePath[] = []
  for (let after: RelativePath | undefined; ; after = paths.at(-1)) {
    const page = await api.listDecision({ folderId, listId, limit: PAGE, ...(after === undefined ? {} : { after }) })
    paths.push(...page.map((path) => RelativePath.parse(path)))
    if (page.length < PAGE) break
  }
  if (answer === 'apply') stage.witness.approve(paths.map((path) => nameOf(game, path)))
  await api.decide({ folderId, kind, listId, answer })
}
