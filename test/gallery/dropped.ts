/** What was dropped on the sample windows: every state that one can be in. */
import type { z } from 'zod'
import { AbsolutePath } from '../../shared/ids.ts'
import type { DropsView } from '../../shared/model/drop.ts'

type Draft = z.input<typeof DropsView>
type Row = Draft['rows'][number]

export const droppedPaths: readonly AbsolutePath[] = [
  '/home/maria/Desktop/Sommerfest',
  '/home/maria/Desktop/Mietvertrag Müllerstraße 12 (unterschrieben).pdf',
  '/home/maria/Desktop/clip 0007.mp4',
  '/home/maria/Desktop/slides.pdf',
].map((path) => AbsolutePath.parse(path))

const now = Date.now()

function row(dropId: number, fileName: string, phase: Row['phase'], over: Partial<Row> = {}): Row {
  return {
    dropId,
    bucketName: 'maria-backup',
    fileName: `shared/${fileName}`,
    isFolder: false,
    phase,
    sizeBytes: 1000 + ((dropId * 7_654_321) % 84_000_000),
    sentBytes: 0,
    bytesPerSecond: 0,
    code: null,
    details: {},
    nextAttemptAt: null,
    wasThere: false,
    endedAt: phase === 'done' || phase === 'failed' ? now - dropId * 47_000 : null,
    ...over,
  }
}

export const dropped: Draft = {
  rows: [
    row(7, 'clip 0007.mp4', 'sending', { sizeBytes: 184_000_000, sentBytes: 61_000_000, bytesPerSecond: 9_400_000 }),
    row(8, 'slides.pdf', 'sending', { sizeBytes: 2_400_000, sentBytes: 2_400_000, bytesPerSecond: 2_000_000 }),
    row(5, 'Mietvertrag Müllerstraße 12 (unterschrieben).pdf', 'failed', { code: 'dropped_file_changed' }),
    row(6, 'Sommerfest/private/diary.txt', 'failed', { code: 'file_unreadable' }),
    row(9, 'Videos of the whole summer', 'waiting', { isFolder: true, sizeBytes: 0 }),
    row(10, 'Sommerfest/IMG_2044.jpg', 'waiting', { code: 'connection_reset', nextAttemptAt: now + 20_000 }),
    row(11, 'Sommerfest/IMG_2045.jpg', 'waiting'),
    row(1, 'Sommerfest/IMG_2041 (2).jpg', 'done'),
    row(2, 'Sommerfest/IMG_2042.jpg', 'done', { wasThere: true }),
    row(3, 'Sommerfest/with a folder name that goes on and on and on and on/IMG_2043.jpg', 'done'),
  ],
  counts: { sending: 2, waiting: 21, failed: 2, done: 3 },
  leftOut: 2,
}

export const droppedDone: Draft = {
  rows: dropped.rows.filter(({ phase }) => phase === 'done'),
  counts: { sending: 0, waiting: 0, failed: 0, done: 3 },
  leftOut: 0,
}
