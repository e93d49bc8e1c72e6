/** A judge that knows nothing of Pail: rclone compares a folder with its place in the bucket. */
import { rcloneFor, type RcloneAccount } from './rclone.ts'

export type Case = {
  readonly account: RcloneAccount
  /** Where rclone may keep its configuration. */
  readonly scratch: string
  readonly root: string
  readonly bucketName: string
  readonly prefix: string
  /** Paths that are on one side only, or differ, on purpose. */
  readonly except?: readonly string[]
}

/** Throws, with rclone's own words, unless it finds no difference between folder and bucket. */
export async function askRclone({ account, scratch, root, bucketName, prefix, except = [] }: Case): Promise<void> {
  const rclone = rcloneFor(account, scratch)
  const left = ['.pail-folder', '.pail-folder.new', ...except].map((path) => `/${escapeGlob(asRclone(path))}`)
  const excluded = [...left, NOT_UTF8].flatMap((pattern) => ['--exclude', pattern])
  // By itself it takes two names for one that differ in their Unicode form alone, and looks at one of them.
  const exactly = ['--no-unicode-normalization']
  const { stderr } = await rclone('check', ...exactly, ...excluded, root, `X:${bucketName}/${prefix}`)
  if (!stderr.includes(': 0 differences found')) throw new Error(`rclone did not say that nothing differs:\n${stderr}`)
}

/** What rclone makes of bytes in a name that are no UTF-8, which no name in B2 has. */
const NOT_UTF8 = '*\uFFFD*'

/** A path as rclone shows it: with pictures of control characters in their place. */
function asRclone(path: string): string {
  const show = (character: string) =>
    character < ' ' ? String.fromCodePoint(0x2400 + character.charCodeAt(0)) : character
  return Array.from(path, show).join('')
}

/** A path as a pattern of rclone's that means just that path. */
function escapeGlob(path: string): string {
  return path.replace(/[\\*?[\]{}]/g, '\\$&')
}
