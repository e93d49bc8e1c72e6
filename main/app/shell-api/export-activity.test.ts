import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '../../../shared/errors.ts'
import { ActivityRow, ALL_ACTIVITY } from '../../../shared/model/activity.ts'
import { asOrdinaryUser } from '../../../test/support/permissions.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { canMountTinyDisk, mountTinyDisk, unmount } from '../../../test/support/tiny-disk.ts'
import { exportActivity, type ExportOptions } from './export-activity.ts'

const AT = Date.UTC(2026, 10, 22, 9, 30)

let folder: string
beforeEach(() => {
  folder = tempFolder()
})

type Draft = Partial<Record<keyof ActivityRow, unknown>>

function event(activityId: number, over: Draft = {}): ActivityRow {
  const usual = {
    at: AT,
    verb: 'uploaded',
    folderId: 1,
    path: `f${activityId}`,
    sizeBytes: 5,
    sparedBytes: null,
    code: null,
  }
  return ActivityRow.parse({ ...usual, activityId, ...over })
}

/** Exports these rows, newest first, as the engine gives them: by pages. */
function exporting(rows: readonly ActivityRow[], over: Partial<ExportOptions> = {}) {
  return exportActivity({
    filter: ALL_ACTIVITY,
    format: 'csv',
    path: join(folder, 'out.csv'),
    listActivity: ({ before = Infinity, limit }) =>
      Promise.resolve(rows.filter(({ activityId }) => activityId < before).slice(0, limit)),
    rootOf: (folderId) => (folderId === 1 ? '/home/maria/Documents' : undefined),
    ...over,
  })
}
const written = (name = 'out.csv') => readFileSync(join(folder, name), 'utf8')

describe('an export', () => {
  it('is a table with a line for each event', async () => {
    const rows = [
      event(3, { path: 'a "quoted", name\nin two lines', sparedBytes: 4 }),
      event(2, { verb: 'failed', folderId: 9, sizeBytes: null, code: 'file_unreadable' }),
      event(1, { verb: 'records-recovered', folderId: null, path: null, sizeBytes: null }),
    ]
    expect(await exporting(rows)).toEqual({ kind: 'saved', rows: 3, name: 'out.csv' })
    expect(written()).toBe(
      '\uFEFFtime,event,folder,path,bytes,bytes B2 had already,error\r\n' +
        '"2026-11-22T09:30:00.000Z","uploaded","/home/maria/Documents","a ""quoted"", name\nin two lines",5,4,\r\n' +
        '"2026-11-22T09:30:00.000Z","failed",,"f2",,,"file_unreadable"\r\n' +
        '"2026-11-22T09:30:00.000Z","records-recovered",,,,,\r\n',
    )
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('makes the name %j a text, not a formula', async (path) => {
    await exporting([event(1, { path })])
    expect(written()).toContain(`"'${path}"`)
  })

  it('is a list of objects', async () => {
    const path = join(folder, 'out.json')
    await exporting([event(2, { path: '=1+1' }), event(1)], { format: 'json', path })
    expect(JSON.parse(written('out.json'))).toEqual([
      {
        time: '2026-11-22T09:30:00.000Z',
        event: 'uploaded',
        folder: '/home/maria/Documents',
        path: '=1+1',
        bytes: 5,
        sparedBytes: null,
        error: '',
      },
      expect.objectContaining({ path: 'f1' }),
    ])
  })

  it.each([0, 1, 999, 1000, 1001, 2500])('has all of %d events, each once', async (count) => {
    const rows = Array.from({ length: count }, (_, index) => event(count - index))
    const path = join(folder, 'out.json')
    expect(await exporting(rows, { format: 'json', path })).toMatchObject({ rows: count })
    const paths = (JSON.parse(written('out.json')) as { path: string }[]).map((each) => each.path)
    expect(paths).toEqual(rows.map((row) => row.path))
  })

  it('takes the place of what is there only when it is complete', async () => {
    writeFileSync(join(folder, 'out.csv'), 'before')
    const rows = Array.from({ length: 1500 }, (_, index) => event(1500 - index))
    const seen: string[] = []
    await exporting(rows, {
      listActivity: ({ before = Infinity, limit }) => {
        seen.push(written())
        return Promise.resolve(rows.filter(({ activityId }) => activityId < before).slice(0, limit))
      },
    })
    expect(seen).toEqual(['before', 'before'])
    expect(written()).toContain('f1500')
    expect(readdirSync(folder)).toEqual(['out.csv'])
  })

  it('leaves nothing behind when the engine stops in the middle, and says so', async () => {
    writeFileSync(join(folder, 'out.csv'), 'before')
    const stopped = new EngineError('engine_stopped', 'gone')
    const rows = Array.from({ length: 1000 }, (_, index) => event(2000 - index))
    const listActivity: ExportOptions['listActivity'] = ({ before }) =>
      before === undefined ? Promise.resolve(rows) : Promise.reject(stopped)
    await expect(exporting(rows, { listActivity })).rejects.toBe(stopped)
    expect([written(), readdirSync(folder)]).toEqual(['before', ['out.csv']])
  })

  it('says why the disk did not take it', async () => {
    expect(await exporting([], { path: join(folder, 'no such folder', 'out.csv') })).toEqual({
      kind: 'failed',
      reason: 'other',
    })
    await asOrdinaryUser([folder], async () => {
      const outcome = await exporting([], { path: '/etc/pail-export.csv' })
      expect(outcome).toEqual({ kind: 'failed', reason: 'not-allowed' })
    })
  })

  it.skipIf(!canMountTinyDisk())('gives a full disk back what it has taken of it', async () => {
    const disk = join(folder, 'disk')
    mountTinyDisk(disk)
    try {
      const page = Array.from({ length: 1000 }, (_, index) => event(1000 - index, { path: 'x'.repeat(1000) }))
      // Without an end.
      const listActivity: ExportOptions['listActivity'] = () => Promise.resolve(page)
      const outcome = await exporting([], { path: join(disk, 'out.csv'), listActivity })
      expect([outcome, readdirSync(disk)]).toEqual([{ kind: 'failed', reason: 'no-space' }, []])
    } finally {
      unmount(disk)
    }
  })
})
