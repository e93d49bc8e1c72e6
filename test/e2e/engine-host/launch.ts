/** Builds the tiny app of `main.ts` and starts it in the Electron that the real app runs in. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication } from 'playwright-core'
import { build } from 'vite'
import { electronLaunch, linkFallbackRuntime, readElectronChoice } from '../../../scripts/electron-runtime.mjs'

export type TestApp = {
  readonly app: ElectronApplication
  /** Path of the program that stands in for the engine. */
  readonly program: string
  readonly close: () => Promise<void>
}

/** Starts the app. Throws when no Electron is set up. */
export async function launchTestApp(): Promise<TestApp> {
  const folder = mkdtempSync(join(tmpdir(), 'pail-engine-host-'))
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      target: 'node18',
      minify: false,
      rolldownOptions: {
        input: { main: join(import.meta.dirname, 'main.ts'), program: join(import.meta.dirname, 'program.ts') },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'engine-host-test', main: 'main.cjs' }))

  const userData = `--user-data-dir=${join(folder, 'user-data')}`
  const choice = readElectronChoice()
  if (choice === undefined) throw new Error('There is no Electron yet: run `npm run setup` first.')
  const app = await _electron.launch(
    choice.isFallback
      ? electronLaunch({
          packaged: linkFallbackRuntime(choice.dist, folder, join(folder, 'electron')),
          args: [userData],
        })
      : electronLaunch({ packaged: choice.executable, args: [folder, userData] }),
  )
  return {
    app,
    program: join(folder, 'program.cjs'),
    close: async () => {
      await app.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
