/** Where the page comes from while Pail is being developed. */
import { app } from 'electron'

/** Address of electron-vite's development server; always null in a packaged app. */
export function devServerUrl(): string | null {
  return app.isPackaged ? null : (process.env['ELECTRON_RENDERER_URL'] ?? null)
}
