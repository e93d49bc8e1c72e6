/** One play of a scenario under way: the stage, and what was so when the engine was last at rest. */
import type { FolderId } from '../../shared/ids.ts'
import type { FolderSettings } from '../../shared/model/folder.ts'
import { PREFIX, SECOND_PREFIX, type Stage } from '../support/scenario-stage.ts'
import type { Mode, Scenario } from './scenario.ts'

export type Game = {
  readonly stage: Stage
  readonly scenario: Scenario
  readonly mode: Mode
  /** Of the first folder; null while there is none. */
  folderId: FolderId | null
  /** Number of the first call since the engine was last at rest. */
  callsFrom: number
  /** What the bucket showed then, name to SHA-1. */
  lastRemote: ReadonlyMap<string, string>
  /** The lists that waited for an answer then, by kind. */
  readonly lastLists: Map<string, string>
}

/** Adds the folders of a scenario, as at its beginning. */
export async function addFolders(
  game: Game,
  prefix = PREFIX,
  settings: Partial<FolderSettings> = game.scenario.settings ?? {},
): Promise<void> {
  const { stage, scenario } = game
  const { root } = stage.disk
  const second = { root: `${stage.home}/second`, prefix: SECOND_PREFIX }
  const hasSecond = scenario.second !== undefined
  const before = stage.witness.folders
  stage.witness.watch(hasSecond ? [{ root, prefix }, second] : [{ root, prefix }])
  try {
    game.folderId = await stage.addFolder(root, prefix, settings)
    if (hasSecond) await stage.addFolder(second.root, second.prefix, settings)
  } catch (error) {
    stage.witness.watch(before)
    throw error
  }
}

/** The whole name in the bucket of a path of a scenario. */
export function nameOf({ stage }: Pick<Game, 'stage'>, path: string): string {
  if (path.startsWith('../second/')) return SECOND_PREFIX + path.slice('../second/'.length)
  return (stage.witness.folders[0]?.prefix ?? PREFIX) + path
}

/** The path of a scenario for a whole name in the bucket. */
export function pathOf({ stage }: Pick<Game, 'stage'>, name: string): string {
  const prefix = stage.witness.folders[0]?.prefix ?? PREFIX
  if (name.startsWith(prefix)) return name.slice(prefix.length)
  return name.startsWith(SECOND_PREFIX) ? `../second/${name.slice(SECOND_PREFIX.length)}` : name
}
