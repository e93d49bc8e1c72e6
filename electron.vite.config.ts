/**
 * Builds what runs inside Electron: main process, preload and page. The engine has a build of its own (engine.vite.config.ts).
 *
 * Targets are those of Electron 25, the oldest runtime the tests use. Everything but Electron itself is bundled, so the
 * packaged app needs no node_modules for these three.
 */
import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node18',
      externalizeDeps: false,
      lib: { entry: 'main/app/main.ts', formats: ['cjs'], fileName: () => 'main.cjs' },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: 'node18',
      // A sandboxed preload can require nothing but Electron.
      externalizeDeps: false,
      lib: { entry: 'preload/index.ts', formats: ['cjs'], fileName: () => 'index.cjs' },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      target: 'chrome114',
      rolldownOptions: { input: path.join(import.meta.dirname, 'renderer', 'index.html') },
      // The page's security policy allows no data: addresses.
      assetsInlineLimit: 0,
    },
  },
})
