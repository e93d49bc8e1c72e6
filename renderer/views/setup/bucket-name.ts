/** True for a name B2 accepts for a new bucket: 6 to 63 letters, digits and hyphens, not starting with `b2-`. */
export function isBucketName(name: string): boolean {
  return /^(?!b2-)[a-z0-9-]{6,63}$/i.test(name)
}
