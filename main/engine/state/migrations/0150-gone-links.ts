/** Links whose file the bucket does not show any more: since when that is known. */
export const goneLinks = `
ALTER TABLE links ADD COLUMN gone_since INTEGER;
`
