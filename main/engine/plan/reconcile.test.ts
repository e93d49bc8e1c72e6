import { describe, expect, it } from 'vitest'
import { Sha1Hex, type FolderId, type RelativePath } from '../../../shared/ids.ts'
import type { Action, CopySource } from '../model/action.ts'
import type { AgreedFingerprint } from '../model/agreed.ts'
import type { Fingerprint, Observation } from '../model/entry.ts'
import { reconcile, type Trees } from './reconcile.ts'

const agreed: AgreedFingerprint = { sizeBytes: 5, mtimeMs: 1000, ctimeMs: 1000, ino: 7, isOtherDevice: false }
const known: CopySource = {
  folderId: 1 as FolderId,
  path: 'elsewhere' as RelativePath,
  fileId: 'known',
  sha1: Sha1Hex.parse('a'.repeat(40)),
}
const base = { fingerprint: agreed, fileId: 'agreed' }
const file = (change: Partial<Fingerprint> = {}): Observation => {
  const { isOtherDevice: _, ...fingerprint } = agreed
  return { kind: 'file', fingerprint: { dev: 1, ...fingerprint, ...change } }
}

/** What both sides agreed on, and what the bucket holds. */
const sides = {
  'nothing known': { base: undefined, remote: undefined },
  'only in the bucket': { base: undefined, remote: { fileId: 'other' } },
  agreed: { base, remote: { fileId: 'agreed' } },
  'gone from the bucket': { base, remote: undefined },
  'another in the bucket': { base, remote: { fileId: 'other' } },
} satisfies Record<string, Pick<Trees, 'base' | 'remote'>>

const locals = {
  'file as agreed': file(),
  'changed file': file({ sizeBytes: 6, mtimeMs: 2000, ctimeMs: 2000 }),
  'touched file': file({ mtimeMs: 2000, ctimeMs: 2000 }),
  'emptied, same mtime': file({ sizeBytes: 0, ctimeMs: 2000 }),
  'emptied, other mtime': file({ sizeBytes: 0, mtimeMs: 2000, ctimeMs: 2000 }),
  absent: { kind: 'absent' },
  directory: { kind: 'directory' },
  skipped: { kind: 'skipped', reason: 'symlink' },
  unreadable: { kind: 'unreadable', code: 'file_unreadable' },
} satisfies Record<string, Observation>

const sizeOf = (local: Observation): number => (local.kind === 'file' ? local.fingerprint.sizeBytes : 0)
const send = (reason: 'new' | 'changed' | 'compare') => (local: Observation) =>
  ({ kind: 'upload', sizeBytes: sizeOf(local), reason }) as const
const actions = {
  'send: new': send('new'),
  'send: changed': send('changed'),
  compare: send('compare'),
  copy: () => ({ kind: 'copy', from: known, reason: 'same-file' }),
  lost: () => ({ kind: 'loss', reason: 'absent' }),
  'lost: emptied': () => ({ kind: 'loss', reason: 'emptied' }),
  suspect: () => ({ kind: 'suspect', reason: 'emptied-unchanged' }),
  'in sync': () => ({ kind: 'none', reason: 'in-sync' }),
  'never sent': () => ({ kind: 'none', reason: 'never-sent' }),
  'not a file': () => ({ kind: 'none', reason: 'not-a-file' }),
  'not readable': () => ({ kind: 'none', reason: 'not-readable' }),
} satisfies Record<string, (local: Observation) => Action>

type Row = readonly [
  side: keyof typeof sides,
  local: keyof typeof locals,
  alone: keyof typeof actions,
  /** The same where the file is known under another name. */
  knownElsewhere: keyof typeof actions,
]

const table: readonly Row[] = [
  ['nothing known', 'file as agreed', 'send: new', 'copy'],
  ['nothing known', 'changed file', 'send: new', 'copy'],
  ['nothing known', 'touched file', 'send: new', 'copy'],
  ['nothing known', 'emptied, same mtime', 'send: new', 'send: new'],
  ['nothing known', 'emptied, other mtime', 'send: new', 'send: new'],
  ['nothing known', 'absent', 'never sent', 'never sent'],
  ['nothing known', 'directory', 'not a file', 'not a file'],
  ['nothing known', 'skipped', 'not a file', 'not a file'],
  ['nothing known', 'unreadable', 'not readable', 'not readable'],
  ['only in the bucket', 'file as agreed', 'compare', 'copy'],
  ['only in the bucket', 'changed file', 'compare', 'copy'],
  ['only in the bucket', 'touched file', 'compare', 'copy'],
  ['only in the bucket', 'emptied, same mtime', 'compare', 'compare'],
  ['only in the bucket', 'emptied, other mtime', 'compare', 'compare'],
  ['only in the bucket', 'absent', 'never sent', 'never sent'],
  ['only in the bucket', 'directory', 'not a file', 'not a file'],
  ['only in the bucket', 'skipped', 'not a file', 'not a file'],
  ['only in the bucket', 'unreadable', 'not readable', 'not readable'],
  ['agreed', 'file as agreed', 'in sync', 'in sync'],
  ['agreed', 'changed file', 'send: changed', 'copy'],
  ['agreed', 'touched file', 'send: changed', 'copy'],
  ['agreed', 'emptied, same mtime', 'suspect', 'suspect'],
  ['agreed', 'emptied, other mtime', 'lost: emptied', 'lost: emptied'],
  ['agreed', 'absent', 'lost', 'lost'],
  ['agreed', 'directory', 'lost', 'lost'],
  ['agreed', 'skipped', 'not a file', 'not a file'],
  ['agreed', 'unreadable', 'not readable', 'not readable'],
  ['gone from the bucket', 'file as agreed', 'send: new', 'copy'],
  ['gone from the bucket', 'changed file', 'send: new', 'copy'],
  ['gone from the bucket', 'touched file', 'send: new', 'copy'],
  ['gone from the bucket', 'emptied, same mtime', 'send: new', 'send: new'],
  ['gone from the bucket', 'emptied, other mtime', 'send: new', 'send: new'],
  ['gone from the bucket', 'absent', 'lost', 'lost'],
  ['gone from the bucket', 'directory', 'lost', 'lost'],
  ['gone from the bucket', 'skipped', 'not a file', 'not a file'],
  ['gone from the bucket', 'unreadable', 'not readable', 'not readable'],
  ['another in the bucket', 'file as agreed', 'compare', 'copy'],
  ['another in the bucket', 'changed file', 'compare', 'copy'],
  ['another in the bucket', 'touched file', 'compare', 'copy'],
  ['another in the bucket', 'emptied, same mtime', 'compare', 'compare'],
  ['another in the bucket', 'emptied, other mtime', 'compare', 'compare'],
  ['another in the bucket', 'absent', 'lost', 'lost'],
  ['another in the bucket', 'directory', 'lost', 'lost'],
  ['another in the bucket', 'skipped', 'not a file', 'not a file'],
  ['another in the bucket', 'unreadable', 'not readable', 'not readable'],
]

describe('the truth table of reconcile', () => {
  it('has exactly one row for each pair of sides and local file', () => {
    const cells = Object.keys(sides).flatMap((side) => Object.keys(locals).map((local) => `${side}, ${local}`))
    expect(table.map(([side, local]) => `${side}, ${local}`).sort()).toEqual(cells.sort())
  })

  it.each(table)('%s, %s: %s; known under another name: %s', (side, local, alone, knownElsewhere) => {
    const trees = { ...sides[side], local: locals[local] }
    expect(reconcile(trees)).toEqual(actions[alone](locals[local]))
    expect(reconcile({ ...trees, known })).toEqual(actions[knownElsewhere](locals[local]))
    // What is only perhaps the same is sent, from where it may be copied.
    const action = actions[alone](locals[local])
    const isSent = action.kind === 'upload' && action.sizeBytes > 0
    expect(reconcile({ ...trees, perhaps: known })).toEqual(isSent ? { ...action, from: known } : action)
  })
})

describe('reconcile', () => {
  it.each<[string, Partial<Fingerprint>]>([
    ['of another size', { sizeBytes: 6 }],
    ['with another mtime', { mtimeMs: 2000 }],
    ['whose mtime was set back', { ctimeMs: 2000 }],
    ['that was replaced by another', { ino: 8 }],
  ])('looks at a file %s', (_, change) => {
    const trees = { ...sides.agreed, local: file(change) }
    expect(reconcile(trees)).toEqual({ kind: 'upload', sizeBytes: change.sizeBytes ?? 5, reason: 'changed' })
  })

  it('takes a file for the same on a drive that has got another device number', () => {
    expect(reconcile({ ...sides.agreed, local: file({ dev: 99 }) })).toEqual({ kind: 'none', reason: 'in-sync' })
  })

  it('calls no file emptied that was empty before', () => {
    const empty = { fileId: 'agreed', fingerprint: { ...agreed, sizeBytes: 0 } }
    const local = file({ sizeBytes: 0, mtimeMs: 2000 })
    expect(reconcile({ ...sides.agreed, base: empty, local })).toEqual({
      kind: 'upload',
      sizeBytes: 0,
      reason: 'changed',
    })
  })

  it.each(['symlink', 'special', 'placeholder'] as const)('leaves alone what a %s took the place of', (reason) => {
    const local = { kind: 'skipped', reason } as const
    expect(reconcile({ ...sides.agreed, local })).toEqual({ kind: 'none', reason: 'not-a-file' })
  })
})
