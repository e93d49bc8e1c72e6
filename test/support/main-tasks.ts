/**
 * What Electron's main thread does, task by task, as Chromium itself writes it down: a call of a timer, of Node's loop or of
 * a window's message is one task, and while it runs no click is answered.
 *
 * Counted is the processor time of the main thread within a task, not the time on the clock: a busy machine takes the
 * processor away in the middle of a task, for as long as it likes, and makes no task longer by that.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { DesktopApp } from './desktop-app.ts'

export type MainTask = {
  /** Milliseconds of processor time. */
  readonly cpuMs: number
  /** Where in Electron or Chromium it was posted. */
  readonly from: string
}

/** From Electron 25 on all events are there; all that matters here is this. Times are in microseconds. */
const Trace = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      ph: z.string(),
      pid: z.number(),
      tid: z.number(),
      dur: z.number().optional(),
      tdur: z.number().optional(),
      args: z.object({ name: z.string().optional(), src_file: z.string().optional(), src_func: z.string().optional() }),
    }),
  ),
})

/** Begins to write down every task of the app's processes. */
export async function recordTasks({ electron }: DesktopApp): Promise<void> {
  await electron.evaluate(({ contentTracing }) =>
    contentTracing.startRecording({
      included_categories: ['toplevel'],
      excluded_categories: ['*'],
      recording_mode: 'record-as-much-as-possible',
    }),
  )
}

/** The main thread's tasks since `recordTasks`, in the order in which they ended. Throws where there are none. */
export async function recordedTasks({ electron }: DesktopApp): Promise<readonly MainTask[]> {
  const file = await electron.evaluate(({ contentTracing }) => contentTracing.stopRecording())
  const { traceEvents } = Trace.parse(JSON.parse(readFileSync(file, 'utf8')))
  const main = traceEvents.find(({ name, args }) => name === 'thread_name' && args.name === 'CrBrowserMain')
  const tasks = traceEvents
    .filter(({ ph, pid, tid, name }) => ph === 'X' && pid === main?.pid && tid === main.tid && /RunTask$/.test(name))
    .map(({ dur = 0, tdur, args }) => ({
      cpuMs: (tdur ?? dur) / 1000,
      from: `${args.src_file ?? '?'} ${args.src_func ?? '?'}`,
    }))
  if (tasks.length === 0) throw new Error('No task of the main thread was recorded')
  return tasks
}
