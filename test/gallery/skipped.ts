/** What a sample folder does not send, in the order of paths: every reason there is, and then many of one. */
import { SkippedRow } from '../../shared/model/explanation.ts'
import type { z } from 'zod'

const rows: readonly z.input<typeof SkippedRow>[] = [
  { path: '.pail-folder', reason: 'ignored', rule: { source: 'own-data', rule: '.pail-folder', line: null } },
  { path: 'Contracts/.DS_Store', reason: 'ignored', rule: { source: 'built-in', rule: '.DS_Store', line: null } },
  { path: 'Music/Live at the harbour.flac', reason: 'placeholder', rule: null },
  { path: 'Private/diary.txt', reason: 'unreadable', rule: null },
  { path: 'Work/caf\ufffd.docx', reason: 'name-not-utf8', rule: null },
  { path: 'Work/current', reason: 'symlink', rule: null },
  {
    path: 'Work/drafts/Q3 report (with everything that was cut).bak',
    reason: 'ignored',
    rule: { source: 'settings', rule: '*.bak', line: 3 },
  },
  { path: 'Work/server.sock', reason: 'special', rule: null },
  ...Array.from({ length: 640 }, (_, index): z.input<typeof SkippedRow> => ({
    path: `node_modules/module ${String(index).padStart(3, '0')}/index.js`,
    reason: 'ignored',
    rule: { source: '.pailignore', rule: 'node_modules/', line: 1 },
  })),
]

export const skipped: readonly SkippedRow[] = rows
  .map((row) => SkippedRow.parse(row))
  .toSorted((a, b) => (a.path < b.path ? -1 : 1))
