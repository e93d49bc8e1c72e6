import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** Starts without the cache that all other tests share. */
function start(home: string) {
  return runCli(['--version'], { env: { HOME: home, XDG_CACHE_HOME: join(home, 'cache'), NODE_COMPILE_CACHE: '' } })
}

describe.skipIf(process.platform !== 'linux')('the start of the command line', () => {
  it('keeps what it compiled for the next one, where nobody else can write', async () => {
    const home = tempFolder()
    expect(await start(home)).toMatchObject({ code: 0, stderr: '' })
    const kept = join(home, 'cache/Pail')
    expect(statSync(kept).mode & 0o777).toBe(0o700)
    const [version = ''] = readdirSync(kept)
    const compiled = readdirSync(join(kept, version))
    expect(compiled.length).toBeGreaterThan(100)
    expect(await start(home)).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(join(kept, version))).toEqual(compiled)
  })

  it('needs no place for that', async () => {
    const home = tempFolder()
    mkdirSync(join(home, 'cache'))
    chmodSync(join(home, 'cache'), 0o500)
    expect(await start(home)).toMatchObject({ code: 0, stderr: '' })
    expect(await runCli(['--version'], { env: { NODE_COMPILE_CACHE: '' } })).toMatchObject({ code: 0, stderr: '' })
  })
})
