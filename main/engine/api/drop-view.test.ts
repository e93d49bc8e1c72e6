import { expect, it } from 'vitest'
import type { AbsolutePath, DropId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import { NOW, openStateBench } from '../../../test/support/state-bench.ts'
import type { RunningDrop } from '../drops/drop-keeper.ts'
import { systemClock } from '../lib/clock.ts'
import { dropFacts } from './drop-view.ts'

const place = {
  bucketId: 'b',
  bucketName: 'bucket',
  bucketType: 'allPrivate',
  prefix: '',
  onConflict: 'keep-both',
} as const

it('counts each dropped file once, also when one that is tried again is to be tried from the beginning', () => {
  const { state } = openStateBench()
  const source = state.drops.addSource('/home' as AbsolutePath, place, 'mark')
  for (const path of ['a', 'b', 'c'])
    state.drops.add(source, { path: path as RelativePath, isFolder: false, sizeBytes: 5 })
  const [first, second] = state.drops.listDue(NOW, 3)
  if (first === undefined || second === undefined) throw new Error('not added')
  for (const { dropId } of [first, second]) state.drops.reschedule(dropId, 'timeout', {}, (NOW + 100) as UnixMs)
  const running = new Map<DropId, RunningDrop>()
  const facts = () => dropFacts({ state, drops: { running }, clock: systemClock })
  expect(facts()).toMatchObject({ files: 1, bytes: 5, laterFiles: 2 })

  const drop = state.drops.find(first.dropId) ?? first
  const start = { startedAt: NOW, sentBytes: 0, sparedBytes: 0, isCancelled: false, abort: new AbortController() }
  running.set(first.dropId, { drop, ...start })
  expect(facts()).toMatchObject({ files: 2, bytes: 10, laterFiles: 1 })
  state.drops.retry(null)
  expect(facts()).toMatchObject({ files: 3, bytes: 15, laterFiles: 0 })
})
