/**
 * Builds `engine-program.ts` into one file before the tests that start engine processes: such a file loads in half the
 * processor time of some 200 modules, and the crash tests start hundreds of them. Its modules stay apart in it, so
 * `effects.ts` finds better-sqlite3 and Node's functions as it would find them anyway.
 */
import { join } from 'node:path'
import { build } from 'vite'
import { cloneCache, projectRoot } from '../../scripts/lib.mjs'

/** Where the built program is. */
export const engineProgram = join(cloneCache, 'engine-program', 'engine-program.mjs')

/** Called by vitest, once for a run. */
export async function setup(): Promise<void> {
  await build({
    root: projectRoot,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, external: ['better-sqlite3', 'keytar'] },
    build: {
      ssr: join(import.meta.dirname, 'engine-program.ts'),
      outDir: join(cloneCache, 'engine-program'),
      emptyOutDir: true,
      target: 'node22',
      minify: false,
      rolldownOptions: { output: { format: 'es', entryFileNames: 'engine-program.mjs' } },
    },
  })
}
