/** Small files of the shell's own, in the data folder: what is not there or damaged begins anew, and is never half written. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { z } from 'zod'
import type { Log } from './logging.ts'

/** Null where there is none. A damaged file is set aside under another name, for whoever wants to look at it. */
export function readJson<T extends z.ZodType>(file: string, schema: T, log: Log): z.output<T> | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (!isMissing(error)) log.error(`${file} cannot be read`, error)
    return null
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    log.error(`${file} is damaged and set aside`, error)
    setAside(file, log)
    return null
  }
}

/** After a power cut either what was there before or this is there. Throws the system's error. */
export function writeJson(file: string, value: unknown): void {
  const fresh = `${file}.new`
  const handle = openSync(fresh, 'w', 0o600)
  try {
    writeFileSync(handle, `${JSON.stringify(value, null, 2)}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(fresh, file)
}

function setAside(file: string, log: Log): void {
  try {
    renameSync(file, `${file}.damaged`)
  } catch (error) {
    log.error(`${file} stays where it is`, error)
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
