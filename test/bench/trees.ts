/** The folders that are synced: the same names, sizes and bytes in every run, and no two files alike. */
import { execFileSync } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readdirSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { MARKER_NAME } from '../../main/engine/scan/root-marker.ts'

export type TreePlan = {
  readonly name: string
  readonly files: number
  /** Sizes in bytes: they spread evenly between these. */
  readonly smallest: number
  readonly largest: number
  readonly filesPerFolder: number
}

/** A file is taken when it has been at rest for a second, on a coarse file system for two. A person's files lie longer. */
const AT_REST_MS = 3000

/** Changes of a file: how many stretches, and how long each is. */
const EDITS = 3
const EDITED_BYTES = 100_000

const ZEROS = Buffer.alloc(2 ** 20)

/** The plan with so much of its files, or of its bytes where it is one file. */
export function scaled(plan: TreePlan, scale: number): TreePlan {
  const part = (count: number): number => Math.max(1, Math.round(count * scale))
  if (plan.files > 1) return { ...plan, files: part(plan.files) }
  return { ...plan, smallest: part(plan.smallest), largest: part(plan.largest) }
}

export function bytesIn(plan: TreePlan): number {
  let bytes = 0
  for (let index = 0; index < plan.files; index += 1) bytes += sizeOf(plan, index)
  return bytes
}

/** Makes the files below a folder, and waits until they are on the disk and at rest. */
export async function makeTree(folder: string, plan: TreePlan): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (let index = 0; index < plan.files; index += 1) {
    const path = join(folder, pathOf(plan, index))
    if (index % plan.filesPerFolder === 0) mkdirSync(dirname(path), { recursive: true })
    const fd = openSync(path, 'wx')
    writeNoise(fd, `${plan.name} ${index}`, 0, sizeOf(plan, index))
    closeSync(fd)
  }
  await comeToRest()
}

function pathOf({ filesPerFolder }: TreePlan, index: number): string {
  return join(`folder ${Math.floor(index / filesPerFolder)}`, `file ${index}.bin`)
}

/** Gives the one folder of a tree another name. */
export async function renameFolder(folder: string, round: number): Promise<void> {
  const name = readdirSync(folder).find((each) => each !== MARKER_NAME) ?? ''
  renameSync(join(folder, name), join(folder, `renamed ${round}`))
  await comeToRest()
}

/** Overwrites three stretches of the one file of a tree, each time other ones. */
export async function editFile(folder: string, round: number): Promise<void> {
  const path = join(folder, 'folder 0', 'file 0.bin')
  const { size } = statSync(path)
  const length = Math.min(EDITED_BYTES, size)
  const fd = openSync(path, 'r+')
  for (let edit = 0; edit < EDITS; edit += 1) {
    const seed = `edit ${round} ${edit}`
    const chance = createHash('sha1').update(seed).digest().readUIntBE(0, 6)
    writeNoise(fd, seed, chance % (size - length + 1), length)
  }
  closeSync(fd)
  await comeToRest()
}

/** Nothing waits to be written to the disk, and the newest file has not changed for a while. */
async function comeToRest(): Promise<void> {
  execFileSync('sync')
  await wait(AT_REST_MS)
}

/** 7919 is a prime, so that the sizes come in no order. */
function sizeOf({ smallest, largest }: TreePlan, index: number): number {
  return smallest + ((index * 7919) % (largest - smallest + 1))
}

/** Writes bytes that nothing can compress, always the same for a seed. */
function writeNoise(fd: number, seed: string, start: number, length: number): void {
  const key = createHash('sha256').update(seed).digest()
  const cipher = createCipheriv('aes-128-ctr', key.subarray(0, 16), key.subarray(16))
  for (let at = 0; at < length; at += ZEROS.length) {
    writeSync(fd, cipher.update(ZEROS.subarray(0, Math.min(ZEROS.length, length - at))), 0, undefined, start + at)
  }
}
