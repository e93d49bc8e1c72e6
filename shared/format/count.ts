/** `1 file`, `12,431 files`. */
export function formatFiles(count: number, locale = 'en'): string {
  return `${count.toLocaleString(locale)} ${count === 1 ? 'file' : 'files'}`
}
