/** What can be done with the file that an event is about. */
import type { ActivityRow, ActivityVerb } from '../../../shared/model/activity.ts'
import type { MenuEntry } from '../../client/native-menu.ts'
import { baseName } from '../../../shared/format/path.ts'
import { t } from '../../i18n/texts.ts'
import { showInFolder } from '../../state/actions.ts'
import { showHistory } from '../../state/activity-store.ts'
import { copyLinks } from '../../state/links.ts'

/** After these there is a file to link to. */
const inBucket: ReadonlySet<ActivityVerb> = new Set<ActivityVerb>(['uploaded', 'adopted', 'copied', 'kept'])

/** After these the file is gone from its folder. */
const gone: ReadonlySet<ActivityVerb> = new Set<ActivityVerb>(['hidden', 'deleted', 'kept'])

/** Empty for what happened to no file. `isSynced` says whether its folder still is. */
export function activityMenu({ folderId, path, verb }: ActivityRow, isSynced: boolean): readonly MenuEntry[] {
  if (folderId === null || path === null) return []
  const history: MenuEntry = {
    id: 'history',
    label: t.activity.everythingAbout(baseName(path)),
    run: () => {
      showHistory(folderId, path)
    },
  }
  if (!isSynced) return [history]
  const link: MenuEntry = {
    id: 'link',
    label: t.activity.copyLink,
    run: () => copyLinks([{ kind: 'file', folderId, path }]),
  }
  const show: MenuEntry = { id: 'show', label: t.activity.showInFolder, run: () => showInFolder(folderId, path) }
  const further = [...(inBucket.has(verb) ? [link] : []), ...(gone.has(verb) ? [] : [show])]
  return further.length === 0 ? [history] : [history, 'separator', ...further]
}
