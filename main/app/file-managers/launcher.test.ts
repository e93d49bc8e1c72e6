import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseRequest } from '../right-click/request.ts'
import { launcherText, shellArgument } from './launcher.ts'

let top = ''
let box = ''
let launcher = ''

/** Names that a shell, or a program that reads lines, is likely to get wrong. */
const names = [
  '/a b',
  "/it's",
  '/"$HOME"',
  '/back\\slash',
  '/new\nline\n',
  '/-n',
  '/%s%d',
  '/*',
  '/caf\u00e9 \u{1f41f}',
]

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'pail-launcher-'))
  box = join(top, "Maria's data $(x)", 'right-click')
  mkdirSync(box, { recursive: true })
  const program = join(top, 'the "program"')
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\0' "$@" >'${top}/started'\n`)
  chmodSync(program, 0o700)
  launcher = join(box, 'launch')
  writeFileSync(launcher, launcherText(box, ['env', 'PAIL_DATA_DIR=x y', program, '--switch']))
  chmodSync(launcher, 0o700)
})

afterEach(() => {
  rmSync(top, { recursive: true, force: true })
})

const run = (...args: readonly string[]) => spawnSync(launcher, args, { cwd: '/', encoding: 'utf8' })
const started = () => (existsSync(join(top, 'started')) ? readFileSync(join(top, 'started'), 'utf8').split('\0') : null)
const requests = () =>
  readdirSync(box)
    .filter((name) => name.endsWith('.request'))
    .map((name) => parseRequest(readFileSync(join(box, name))))

describe('the script that a menu runs', () => {
  it('leaves every name as it is, and starts Pail where it does not run', () => {
    const { status, stdout, stderr } = run('copy-link', ...names)
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(requests()).toEqual([{ action: 'copy-link', paths: names, unusable: 0 }])
    expect(started()).toEqual(['--switch', '--right-click', ''])
  })

  it('starts nothing where the running Pail takes the request', () => {
    const taker = `while ! rm '${box.replaceAll("'", "'\\''")}'/*.request; do :; done`
    const script = `sh -c ${shellArgument(taker)} 2>/dev/null & echo $! >"$0/pid"; "$0/launch" show /a`
    expect(spawnSync('sh', ['-c', script, box]).status).toBe(0)
    expect([requests(), started()]).toEqual([[], null])
  })

  it.each([
    ['is gone', () => String(spawnSync('true').pid)],
    ['is a number only', () => String(process.pid)],
    ['is nonsense', () => 'x y'],
  ])('starts Pail where the process that took requests %s', (_, pid) => {
    writeFileSync(join(box, 'pid'), `${pid()}\n`)
    expect(run('show', '/a').status).toBe(0)
    expect(started()).toEqual(['--switch', '--right-click', ''])
    expect(requests()).toHaveLength(1)
  })

  it('does nothing where nothing is selected, and fails where Pail and its data are gone', () => {
    expect(run('show').status).toBe(0)
    expect([requests(), started()]).toEqual([[], null])
    rmSync(box, { recursive: true })
    writeFileSync(join(top, 'launch'), launcherText(box, ['true']))
    expect(spawnSync('sh', [join(top, 'launch'), 'show', '/a']).status).toBe(1)
  })
})
