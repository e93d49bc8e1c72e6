/** Large files: in parts, of which only those are sent that B2 does not have. A part has 110,000 bytes here. */
import type { FaultKind } from '../b2-emulator/faults.ts'
import { LEAST_PART_BYTES } from '../support/scenario-stage.ts'
import type { Scenario } from './scenario.ts'
import { append, failNext, rename, restart, settle, untilCalled, write } from './steps.ts'

const PART = LEAST_PART_BYTES
const PARTS = 12

/** A file of twelve parts, each unlike the others, with new content in the parts of these numbers, counted from 0. */
function large(...changed: readonly number[]): string {
  const parts = Array.from({ length: PARTS }, (_, i) => `${i}${changed.includes(i) ? ' anew' : ''} `)
  return parts.map((text) => text.repeat(PART).slice(0, PART)).join('')
}

const allSent = { begun: 1, sent: PARTS, copied: 0 }

/**
 * What can happen to each call that a large file takes, and that time mends; what stalls costs the wall's time. In
 * the short form the gravest one: what was done and never answered.
 */
const FAULTS: readonly FaultKind[] =
  process.env['PAIL_TEST_LONG'] === '1'
    ? ['answer', 'cut-before', 'cut-midway', 'cut-after', 'truncated']
    : ['cut-after']
const SENDING = ['start_large_file', 'get_upload_part_url', 'upload_part', 'finish_large_file']
const CHANGING = ['copy_part', 'upload_part', 'finish_large_file']
const MOVING = ['copy_file', 'hide_file']

const faulty = { modes: ['watching'], because: 'it is about the network, not about how changes are seen' } as const

export const largeFiles: readonly Scenario[] = [
  {
    name: 'a large file is sent in parts',
    covers: [],
    isJudged: true,
    init: { a: 'a' },
    steps: [write('big', large())],
    expect: { uploads: ['big'], parts: allSent, versions: { big: [large()] } },
  },
  {
    name: 'of a large file that changes in places only those are sent',
    covers: [],
    isJudged: true,
    init: { big: large(), a: 'a' },
    steps: [write('big', large(3, 7))],
    expect: { uploads: ['big'], parts: { begun: 1, sent: 2, copied: 3 }, versions: { big: [large(3, 7), large()] } },
  },
  {
    name: 'of a large file that grows only the end is sent',
    covers: [],
    init: { big: large(), a: 'a' },
    steps: [append('big', 'more '.repeat(PART / 4))],
    expect: { uploads: ['big'], parts: { begun: 1, sent: 2, copied: 1 } },
  },
  {
    name: 'a large file that changes again and again is each time compared with its last version',
    covers: [],
    init: { big: large(), a: 'a' },
    steps: [
      write('big', large(0)),
      settle({ parts: { begun: 1, sent: 1, copied: 1 } }),
      write('big', large(0, 11)),
      settle({ parts: { begun: 1, sent: 1, copied: 1 } }),
      write('big', large(11)),
    ],
    expect: { parts: { begun: 1, sent: 1, copied: 1 } },
  },
  {
    name: 'a large file that is again what it was before is copied as a whole',
    covers: [],
    init: { big: large(), a: 'a' },
    steps: [write('big', large(3)), settle({ uploads: ['big'] }), write('big', large())],
    expect: { uploads: [], copies: ['big'], parts: { begun: 0, sent: 0, copied: 0 } },
  },
  {
    name: 'a large file that is renamed is copied as a whole',
    covers: [28],
    init: { big: large(), a: 'a' },
    steps: [rename('big', 'moved/big')],
    expect: { uploads: [], copies: ['moved/big'], hides: ['big'], parts: { begun: 0, sent: 0, copied: 0 } },
  },
  {
    name: 'a large file that is renamed, and later changes, sends only what changed',
    covers: [28],
    init: { big: large(), a: 'a' },
    steps: [rename('big', 'moved'), settle({ copies: ['moved'] }), write('moved', large(5))],
    expect: { uploads: ['moved'], parts: { begun: 1, sent: 1, copied: 2 } },
  },
  {
    name: 'a large file with the content of another one is copied',
    covers: [],
    init: { big: large(), a: 'a' },
    steps: [write('same', large())],
    expect: { uploads: [], copies: ['same'], parts: { begun: 0, sent: 0, copied: 0 } },
  },
  {
    name: 'a large file goes on after a restart with the parts that are missing',
    covers: [],
    init: { a: 'a' },
    steps: [
      failNext('upload_part', { kind: 'slow', bytesPerSecond: 10_000, skip: 5, count: 7 }),
      write('big', large()),
      untilCalled('upload_part', 5),
      restart,
    ],
    expect: { uploads: ['big'], parts: allSent },
  },
  {
    name: 'a large file that becomes small, and large again, follows',
    covers: [],
    init: { big: large(), a: 'a' },
    steps: [write('big', 'small now'), settle({ uploads: ['big'] }), write('big', large(1))],
    expect: { versions: { big: [large(1), 'small now', large()] } },
  },
  ...FAULTS.flatMap((kind) => [
    ...SENDING.map((operation): Scenario => ({
      name: `a large file arrives once where "${kind}" happens to ${operation}`,
      covers: [],
      only: faulty,
      init: { a: 'a' },
      steps: [failNext(operation, { kind, skip: operation === 'upload_part' ? 4 : 0 }), write('big', large())],
      expect: { versions: { big: [large()] } },
    })),
    ...CHANGING.map((operation): Scenario => ({
      name: `what changed of a large file arrives once where "${kind}" happens to ${operation}`,
      covers: [],
      only: faulty,
      init: { big: large(), a: 'a' },
      steps: [failNext(operation, { kind }), write('big', large(3, 7))],
      expect: { versions: { big: [large(3, 7), large()] } },
    })),
    ...MOVING.map((operation): Scenario => ({
      name: `a large file that moves on arrives once where "${kind}" happens to ${operation}`,
      covers: [28],
      only: faulty,
      init: { big: large(), a: 'a' },
      steps: [failNext(operation, { kind }), rename('big', 'moved')],
      expect: { uploads: [], versions: { moved: [large()] }, parts: { begun: 0, sent: 0, copied: 0 } },
    })),
  ]),
]
