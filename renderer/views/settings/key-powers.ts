/** What a key may do, seen from what Pail has a use for. */

export type KeyPower = {
  readonly capability: string
  readonly may: boolean
  /** Whether syncing stops without it. */
  readonly isNeeded: boolean
}

/** Without these something that Pail always does fails. */
const needed = ['listBuckets', 'listFiles', 'readFiles', 'writeFiles', 'shareFiles'] as const

/** For who wants it: removing after some days, and for good. */
const optional = ['writeBuckets', 'deleteFiles'] as const

/** What B2 gives with others and harms nobody. */
const harmless: ReadonlySet<string> = new Set(['readBuckets', 'listAllBucketNames', 'listKeys'])

/** Destroys more than files, or makes keys that do. */
const isDangerous = (capability: string): boolean => /^(write|delete|bypass)/.test(capability)

/** Every capability that Pail has a use for, the needed ones first. */
export function keyPowers(capabilities: readonly string[]): readonly KeyPower[] {
  const power = (isNeeded: boolean) => (capability: string) => ({
    capability,
    may: capabilities.includes(capability),
    isNeeded,
  })
  return [...needed.map(power(true)), ...optional.map(power(false))]
}

/** What the key may change or destroy beyond that, in B2's order. */
export function surplusPowers(capabilities: readonly string[]): readonly string[] {
  const known: readonly string[] = [...needed, ...optional]
  return capabilities.filter((name) => !known.includes(name) && !harmless.has(name) && isDangerous(name))
}
