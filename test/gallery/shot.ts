/** One picture: a scene, and what is done in it first. */
import type { Page } from 'playwright-core'
import type { SceneName } from './scenes.ts'

export type Shot = {
  readonly name: string
  readonly scene: SceneName
  readonly language?: 'en' | 'de'
  readonly steps?: (page: Page) => Promise<void>
}
