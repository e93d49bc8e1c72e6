/** What should happen to one path, and why. */
export type Action =
  | { readonly kind: 'upload'; readonly sizeBytes: number; readonly reason: 'new' | 'changed' }
  | { readonly kind: 'hide'; readonly reason: 'absent' }
  | {
      readonly kind: 'none'
      readonly reason: 'in-sync' | 'never-sent' | 'not-a-file' | 'not-readable'
    }
