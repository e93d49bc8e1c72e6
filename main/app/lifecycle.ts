/** How the app begins, sleeps and ends: one instance, running without windows, and an orderly quit. */
import { app, powerMonitor } from 'electron'
import { z } from 'zod'
import type { EngineProcess } from './engine-host/engine-process.ts'
import type { LogFile } from './logging.ts'

/** The engine gets this long to put a started upload to rest and close its database. */
const engineStopMs = 10_000

export type LifecycleOptions = {
  readonly engine: EngineProcess
  readonly log: LogFile
  /** The person wants to see Pail: a second start, a click on the dock. */
  readonly show: () => void
  /** Pail was started once more to do what was asked for by a right click. */
  readonly onRightClick: () => void
  /** The machine woke up. */
  readonly onResume: () => void
  /** The first step of quitting: windows and tray go at once, the engine follows. */
  readonly onQuit: () => void
}

/** What a second start says to the Pail that runs. */
const SecondStart = z.object({ isForRightClick: z.boolean() })

/**
 * False when Pail already runs with this data folder: the running one is told to show itself, or to look for what was
 * asked for by a right click.
 */
export function isFirstInstance(isForRightClick: boolean): boolean {
  return app.requestSingleInstanceLock({ isForRightClick } satisfies z.infer<typeof SecondStart>)
}

/** Has signals end the app the way its menu does, from the first moment on. */
export function quitOnSignals(): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      app.quit()
    })
  }
}

/** Electron has to be ready. */
export function manageLifecycle({ engine, log, show, onRightClick, onResume, onQuit }: LifecycleOptions): void {
  let isQuitting = false
  app.on('before-quit', (event) => {
    event.preventDefault()
    if (isQuitting) return
    isQuitting = true
    log.info('Quitting')
    onQuit()
    void endEngine(engine, log)
  })
  // Without a listener Electron quits when the last window is gone.
  app.on('window-all-closed', () => undefined)
  app.on('second-instance', (_event, _argv, _cwd, data) => {
    if (SecondStart.safeParse(data).data?.isForRightClick === true) onRightClick()
    else show()
  })
  app.on('activate', show)
  powerMonitor.on('resume', onResume)
  // Electron's types do not know what it hands over. Prevented, the system waits for the quit, for as long as it does wait.
  powerMonitor.on('shutdown', (event?: { preventDefault: () => void }) => {
    event?.preventDefault()
    app.quit()
  })
  // Windows tells windows only.
  app.on('browser-window-created', (_event, window) => {
    window.on('session-end', () => {
      app.quit()
    })
  })
}

async function endEngine(engine: EngineProcess, log: LogFile): Promise<void> {
  await engine.stop(engineStopMs)
  await log.close()
  app.exit(0)
}
