/** Light or dark: as the system is, or as a person wants the window. */
import { nativeTheme } from 'electron'
import type { Appearance } from '../../../shared/model/shell-settings.ts'

let wasSystemDark = false

/** Takes effect at once, also in an open window. */
export function applyAppearance(appearance: Appearance): void {
  if (nativeTheme.themeSource === 'system') wasSystemDark = nativeTheme.shouldUseDarkColors
  nativeTheme.themeSource = appearance
}

/** Whether the system itself is dark, as its panel is: where a person has chosen for the window, as it was at that moment. */
export function isSystemDark(): boolean {
  return nativeTheme.themeSource === 'system' ? nativeTheme.shouldUseDarkColors : wasSystemDark
}
