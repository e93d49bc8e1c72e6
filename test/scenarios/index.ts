/** All scenarios. */
import { deletions } from './deletions.ts'
import { emptied } from './emptied.ts'
import { firstSync } from './first-sync.ts'
import { largeFiles } from './large-files.ts'
import { moves } from './moves.ts'
import { names } from './names.ts'
import { oddFiles } from './odd-files.ts'
import { roots } from './roots.ts'
import { saves } from './saves.ts'
import type { Scenario } from './scenario.ts'
import { settings } from './settings.ts'
import { trouble } from './trouble.ts'

export const allScenarios: readonly Scenario[] = [
  ...firstSync,
  ...deletions,
  ...emptied,
  ...moves,
  ...largeFiles,
  ...saves,
  ...names,
  ...oddFiles,
  ...settings,
  ...roots,
  ...trouble,
]
