/** Pail's mark, one colour: the pail seen from the side. The same drawing as assets/source/mark.svg. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden>
      <path d="M6 11.5C6 5.4 10.4 2.5 16 2.5S26 5.4 26 11.5" stroke="currentColor" strokeWidth="2.4" />
      <rect x="3" y="10" width="26" height="4.4" rx="2.2" fill="currentColor" />
      <path d="M5.2 16.4h21.6l-2.35 11.1a2.5 2.5 0 0 1-2.45 2H10a2.5 2.5 0 0 1-2.45-2z" fill="currentColor" />
    </svg>
  )
}
