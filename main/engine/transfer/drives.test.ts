import { mkdirSync, rmdirSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { Drives } from './drives.ts'

function watched() {
  let now = 0
  const drives = new Drives({ uptime: () => now })
  const root = tempFolder()
  return {
    drives,
    root,
    pass: (ms: number) => {
      now += ms
    },
    read: (...takes: readonly number[]) => {
      for (const ms of takes) {
        drives.watch(root, () => {
          now += ms
        })
      }
      return drives.isQuick(root)
    },
  }
}

describe('Drives', () => {
  it('leaves a slow drive alone for a hundred times as long as it kept everything waiting, and no other one', () => {
    const { drives, root, pass, read } = watched()
    expect(drives.isQuick(root)).toBe(true)
    expect(read(...Array.from({ length: 20 }, () => 10))).toBe(true)
    expect(read(...Array.from({ length: 5 }, () => 10))).toBe(false)
    expect(drives.isQuick(tempFolder())).toBe(true)
    pass(950)
    expect(drives.isQuick(root)).toBe(false)
    pass(50)
    expect(drives.isQuick(root)).toBe(true)
  })

  it('knows by one read whether a slow drive is slow still', () => {
    const { pass, read } = watched()
    expect(read(1000)).toBe(false)
    pass(100_000)
    expect(read(10)).toBe(false)
    pass(1000)
    expect(read(1, 1)).toBe(true)
    expect(read(10)).toBe(true)
  })

  it('does not mind a quick drive that takes long now and then', () => {
    const { read } = watched()
    for (let times = 0; times < 100; times += 1) {
      expect(read(100, ...Array.from({ length: 40 }, () => 0.1))).toBe(true)
    }
  })

  it('remembers a long wait that ended in an error', () => {
    const { drives, root, pass } = watched()
    const fail = () => {
      pass(1000)
      throw new Error('the cable')
    }
    expect(() => drives.watch(root, fail)).toThrow('the cable')
    expect(drives.isQuick(root)).toBe(false)
  })

  it('looks once a second whether a root is on a device, and before every no', () => {
    const { drives, root, pass } = watched()
    const { dev } = statSync(root)
    expect(drives.isOnDevice(root, dev + 1)).toBe(false)
    expect(drives.isOnDevice(root, dev)).toBe(true)
    rmdirSync(root)
    pass(999)
    expect(drives.isOnDevice(root, dev)).toBe(true)
    expect(drives.isOnDevice(root, dev + 1)).toBe(false)
    pass(1)
    expect(drives.isOnDevice(root, dev)).toBe(false)
    mkdirSync(root)
    expect(drives.isOnDevice(root, dev)).toBe(true)
  })
})
