/** Work on a thread of its own. */
import { Worker } from 'node:worker_threads'

/**
 * Runs a CommonJS program and returns the last message it posts. It is text and not a file, so that it runs from source
 * and out of the bundle alike. Waited for to its end: a thread that is ended from outside while it loads a native library
 * takes the whole process along, and what it reads must stay open until then. Throws what the program threw.
 */
export async function onThread(program: string, workerData: unknown): Promise<unknown> {
  const worker = new Worker(program, { eval: true, workerData, execArgv: [] })
  return new Promise<unknown>((done, fail) => {
    let said: unknown
    worker.once('message', (message: unknown) => {
      said = message
    })
    worker.once('error', fail)
    worker.once('exit', () => {
      done(said)
    })
  })
}
