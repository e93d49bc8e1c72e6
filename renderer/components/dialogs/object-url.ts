/** Whether a text is `b2://BUCKET/NAME`, as far as can be seen: the name as it is, and not empty. */
export function isObjectUrl(text: string): boolean {
  return /^b2:\/\/[A-Za-z0-9][A-Za-z0-9.-]{4,61}[A-Za-z0-9]\/./s.test(text)
}
