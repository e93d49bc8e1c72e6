import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import type { Log } from '../logging.ts'
import { leaveRequest, RequestBox } from './request-box.ts'
import { LARGEST_REQUEST, requestBytes, type RightClickRequest } from './request.ts'

let folder = ''
let taken: RightClickRequest[] = []
let warnings: string[] = []
let box: RequestBox

const log: Log = { info: () => undefined, warn: (text) => warnings.push(text), error: (text) => warnings.push(text) }

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'pail-box-')), 'right-click')
  taken = []
  warnings = []
  box = new RequestBox({ folder, log, gatherMs: 0, onRequest: (request) => taken.push(request) })
})

afterEach(() => {
  box.close()
  rmSync(join(folder, '..'), { recursive: true, force: true })
})

const askFor = (path: string): void => {
  leaveRequest(folder, requestBytes('show', [path]))
}

describe('RequestBox', () => {
  it('takes what was left before, and what comes while it is open', async () => {
    askFor('/before')
    box.open()
    expect(taken.map(({ paths }) => paths)).toEqual([['/before']])
    askFor('/after')
    await vi.waitFor(() => {
      expect(taken.map(({ paths }) => paths)).toEqual([['/before'], ['/after']])
    })
    expect(readdirSync(folder)).toEqual(['pid'])
  })

  it('says which process takes requests for as long as it does, in a folder for its owner alone', () => {
    box.open()
    expect(readFileSync(join(folder, 'pid'), 'utf8')).toBe(`${process.pid}\n`)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    box.close()
    expect(existsSync(join(folder, 'pid'))).toBe(false)
  })

  it('takes nothing for a request that is none, and removes it', () => {
    box.open()
    box.close()
    const outside = join(folder, '../outside')
    writeFileSync(outside, requestBytes('show', ['/secret']))
    symlinkSync(outside, join(folder, 'link.request'))
    execFileSync('mkfifo', [join(folder, 'pipe.request')])
    writeFileSync(join(folder, 'large.request'), requestBytes('show', [`/${'a'.repeat(LARGEST_REQUEST)}`]))
    writeFileSync(join(folder, 'other.request'), 'hello')
    writeFileSync(join(folder, 'unfinished.new'), requestBytes('show', ['/a']))
    box.look()
    expect(taken).toEqual([])
    expect(readdirSync(folder)).toEqual(['unfinished.new'])
    expect(existsSync(outside)).toBe(true)
    expect(warnings).toHaveLength(4)
  })

  it.skipIf(hasNoPermissions)('hears of what comes beside something that cannot be removed', async () => {
    const stuck = join(folder, 'a.request')
    mkdirSync(join(stuck, 'in'), { recursive: true })
    await asOrdinaryUser([join(folder, '..')], () => {
      chmodSync(stuck, 0o500)
      askFor('/b')
      box.look()
      chmodSync(stuck, 0o700)
      return Promise.resolve()
    })
    expect(taken.map(({ paths }) => paths)).toEqual([['/b']])
  })

  it('waits for more of the same where it is told to, and makes one request of them', async () => {
    box = new RequestBox({ folder, log, gatherMs: 50, onRequest: (request) => taken.push(request) })
    askFor('/a')
    box.look()
    writeFileSync(join(folder, 'second.request'), requestBytes('show', ['/b']))
    box.look()
    expect(taken).toEqual([])
    await vi.waitFor(() => {
      expect(taken).toHaveLength(1)
    })
    expect(taken[0]?.paths.toSorted()).toEqual(['/a', '/b'])
  })
})
