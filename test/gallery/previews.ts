/** What the folders of the set-up hold; those that are not named here are counted for ever. */
import type { FolderPreview } from '../../shared/model/preview.ts'

export const previews: readonly (readonly [name: string, preview: FolderPreview])[] = [
  [
    'Pictures',
    {
      files: 1204,
      bytes: 48_100_000_000,
      skipped: [
        {
          reason: 'ignored',
          source: 'built-in',
          count: 12,
          samples: ['.DS_Store', 'Travel/2026 Norway/.DS_Store', 'Travel/Thumbs.db'],
        },
        { reason: 'symlink', source: null, count: 1, samples: ['latest'] },
        { reason: 'unreadable', source: null, count: 2, samples: ['Scans/passport.tiff', 'Scans/old'] },
      ],
      complete: true,
    },
  ],
  ['Documents', { files: 812, bytes: 912_000_000, skipped: [], complete: true }],
]
