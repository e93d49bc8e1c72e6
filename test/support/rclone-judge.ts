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
  const left = ['.pail-folder', '.pail-folder.new', ...except].flatMap((path) => ['--exclude', `/${escapeGlob(path)}`])
  const { stderr } = await rclone('check', ...left, root, `X:${bucketName}/${prefix}`)
  if (!stderr.includes(': 0 differences found')) throw new Error(`rclone did not say that nothing differs:\n${stderr}`)
}

/** A path as a pattern of rclone's that means just that path. */
function escapeGlob(path: string): string {
  return path.replace(/[\\*?[\]{}]/g, '\\$&')
}
