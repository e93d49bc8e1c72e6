/** The ways to pause, as entries of a native menu. */
import type { FolderId } from '../../../shared/ids.ts'
import { pauseChoices } from '../../../shared/text/pause-text.ts'
import type { MenuCommand } from '../../client/native-menu.ts'
import { pause } from '../../state/actions.ts'

/** For one folder, or without one for everything. */
export function pauseMenu(folderId?: FolderId): readonly MenuCommand[] {
  return pauseChoices().map(({ choice, label }) => ({
    id: `pause-${choice}`,
    label,
    run: () => pause(choice, folderId),
  }))
}
