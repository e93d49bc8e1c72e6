/**
 * Builds the engine into one file that plain Node (22.14 or newer) runs without node_modules, but for the two native modules.
 */
import { defineConfig } from 'vite'

export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true, external: ['better-sqlite3', 'keytar'] },
  build: {
    ssr: 'main/engine/entry.ts',
    outDir: 'out/engine',
    emptyOutDir: true,
    target: 'node22',
    minify: false,
    sourcemap: true,
    rolldownOptions: { output: { format: 'es', entryFileNames: 'entry.mjs' } },
  },
})
