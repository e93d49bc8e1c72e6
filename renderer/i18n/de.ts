/** Every word of the window in German. */
import { activity } from './de/activity.ts'
import { capabilityUses } from './de/capabilities.ts'
import { dialogs } from './de/dialogs.ts'
import { drops } from './de/drops.ts'
import { frame } from './de/frame.ts'
import { links } from './de/links.ts'
import { linksView } from './de/links-view.ts'
import { overview } from './de/overview.ts'
import { problems } from './de/problems.ts'
import { rightClick } from './de/right-click.ts'
import { settings } from './de/settings.ts'
import { setup } from './de/setup.ts'
import { storage } from './de/storage.ts'
import { transfers } from './de/transfers.ts'
import type { Texts } from './en.ts'

export const de: Texts = {
  ...frame,
  ...dialogs,
  capabilityUses,
  setup,
  links,
  linksView,
  overview,
  transfers,
  drops,
  activity,
  problems,
  rightClick,
  settings,
  storage,
}
