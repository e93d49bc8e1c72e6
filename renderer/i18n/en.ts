/**
 * Every word of the window in English, save statuses and problems: those are in `shared/text`, the same everywhere. What
 * stands here has to stand in `de.ts` as well, or nothing compiles.
 */
import { activity } from './en/activity.ts'
import { capabilityUses } from './en/capabilities.ts'
import { dialogs } from './en/dialogs.ts'
import { drops } from './en/drops.ts'
import { frame } from './en/frame.ts'
import { links } from './en/links.ts'
import { linksView } from './en/links-view.ts'
import { overview } from './en/overview.ts'
import { problems } from './en/problems.ts'
import { rightClick } from './en/right-click.ts'
import { settings } from './en/settings.ts'
import { setup } from './en/setup.ts'
import { storage } from './en/storage.ts'
import { transfers } from './en/transfers.ts'

export const en = {
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

export type Texts = typeof en
