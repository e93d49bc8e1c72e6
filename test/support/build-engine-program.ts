/**
 * Builds `engine-program.ts` into one file before the tests that start engine processes: such a file loads in half the
 * processor time of some 200 modules, and the crash tests start hundreds of them. Its modules stay apart in it, so
 * `effects.ts` finds better-sqlite3 and Node's functions as it would find them anyway.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import type { TestProject } from 'vitest/node'
import { cloneCache, projectRoot } from '../../scripts/lib.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    /** The file of the built program. */
    engineProgram: string
  }
}

/** Called by vitest, once for a run; gives back what ends with it. */
export async function setup(project: TestProject): Promise<() => void> {
  // Among node_modules, where the native modules are found, and of this run alone: two may go on at once.
  const folder = join(cloneCache, `engine-program-${process.pid}`)
  await build({
    root: projectRoot,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, external: ['better-sqlite3', 'keytar'] },
    build: {
      ssr: join(import.meta.dirname, 'engine-program.ts'),
      outDir: folder,
      emptyOutDir: true,
      target: 'node22',
      minify: false,
      rolldownOptions: { output: { format: 'es', entryFileNames: 'engine-program.mjs' } },
    },
  })
  project.provide('engineProgram', join(folder, 'engine-program.mjs'))
  return () => {
    rmSync(folder, { recursive: true, force: true })
  }
}
