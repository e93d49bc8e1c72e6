/** A disk in memory, as small as the planner's questions: files with inodes and times, directories, links, permissions. */
import type { Fingerprint, Observation } from '../../main/engine/model/entry.ts'
import { splitRelative, type DirectoryPath } from '../../main/engine/lib/paths.ts'
import type { RelativePath } from '../../shared/ids.ts'

/** The same file under each of its names. An empty text is an empty file. */
type Inode = { readonly ino: number; content: string; mtimeMs: number; ctimeMs: number }

type Node =
  | { readonly kind: 'file'; readonly inode: Inode }
  | { readonly kind: 'directory'; isReadable: boolean }
  | { readonly kind: 'symlink' }

/** What a user, or a program, does to the disk. `false` for what is not possible there, which then changes nothing. */
export type DiskOp =
  /** By way of truncating and writing, so the file stays the same one. */
  | { readonly do: 'write'; readonly path: string; readonly content: string }
  /** By way of a new file that is renamed over it. */
  | { readonly do: 'replace'; readonly path: string; readonly content: string }
  | { readonly do: 'touch'; readonly path: string }
  /** Empties without writing; a power cut leaves the time of the last change as it was. */
  | { readonly do: 'truncate'; readonly path: string; readonly keepsTime: boolean }
  | { readonly do: 'truncate-all'; readonly keepsTime: boolean }
  | { readonly do: 'rename'; readonly path: string; readonly to: string }
  | { readonly do: 'rotate'; readonly paths: readonly string[] }
  | { readonly do: 'copy'; readonly path: string; readonly to: string }
  | { readonly do: 'link'; readonly path: string; readonly to: string }
  /** Directories with all that is in them. */
  | { readonly do: 'remove'; readonly path: string }
  | { readonly do: 'remove-all' }
  | { readonly do: 'symlink'; readonly path: string }
  | { readonly do: 'make-directory'; readonly path: string }
  | { readonly do: 'permit'; readonly path: string; readonly isReadable: boolean }
  /** Every file is another one with the same content and time, as after restoring a backup. */
  | { readonly do: 'copy-everything' }

export class ModelDisk {
  readonly #nodes = new Map<string, Node>()
  #tick = 1

  /** Carries out an operation; false when the disk would have refused it. */
  apply(op: DiskOp): boolean {
    this.#tick += 1
    switch (op.do) {
      case 'write':
        return this.#write(op.path, op.content)
      case 'replace':
        return this.#put(op.path, { kind: 'file', inode: this.#newInode(op.content) })
      case 'touch':
        return this.#change(op.path, (inode) => (inode.mtimeMs = this.#tick))
      case 'truncate':
        return this.#truncate(op.path, op.keepsTime)
      case 'truncate-all':
        return this.#files().map((path) => this.#truncate(path, op.keepsTime)).length > 0
      case 'rename':
        return this.#rename(op.path, op.to)
      case 'rotate':
        return this.#rotate(op.paths)
      case 'copy':
        return this.#copy(op.path, op.to)
      case 'link':
        return this.#link(op.path, op.to)
      case 'remove':
        return this.#remove(op.path)
      case 'remove-all':
        this.#nodes.clear()
        return true
      case 'symlink':
        return this.#put(op.path, { kind: 'symlink' })
      case 'make-directory':
        return this.#put(op.path, { kind: 'directory', isReadable: true })
      case 'permit':
        return this.#permit(op.path, op.isReadable)
      case 'copy-everything':
        for (const path of this.#files()) this.#copyInPlace(path)
        return true
    }
  }

  /** Every path there is, also where it cannot be seen. */
  paths(): readonly string[] {
    return [...this.#nodes.keys()]
  }

  /** As `statBelow` sees it. */
  stat(path: string): Observation {
    for (const above of directoriesAbove(path)) {
      const node = this.#nodes.get(above)
      if (node === undefined || node.kind === 'file') return { kind: 'absent' }
      if (node.kind === 'symlink') return { kind: 'skipped', reason: 'symlink' }
      if (!node.isReadable) return { kind: 'unreadable', code: 'file_unreadable' }
    }
    const node = this.#nodes.get(path)
    switch (node?.kind) {
      case undefined:
        return { kind: 'absent' }
      case 'directory':
        return { kind: 'directory' }
      case 'symlink':
        return { kind: 'skipped', reason: 'symlink' }
      case 'file':
        return { kind: 'file', fingerprint: fingerprintOf(node.inode) }
    }
  }

  /** The content of a file, or null for what is none, or cannot be read. */
  read(path: string): string | null {
    if (this.stat(path).kind !== 'file') return null
    const node = this.#nodes.get(path)
    return node?.kind === 'file' ? node.inode.content : null
  }

  /** The names in a directory in order, or why there are none to be had. */
  list(directory: DirectoryPath): readonly RelativePath[] | 'unreadable' | 'none' {
    if (directory !== '') {
      const seen = this.stat(directory)
      if (seen.kind === 'unreadable') return 'unreadable'
      const node = this.#nodes.get(directory)
      if (seen.kind !== 'directory' || node?.kind !== 'directory') return 'none'
      if (!node.isReadable) return 'unreadable'
    }
    return [...this.#nodes.keys()]
      .filter((path) => splitRelative(path as RelativePath)[0] === directory)
      .sort() as RelativePath[]
  }

  /** Whether it is certain that there is no file of this name. */
  isAbsent(path: string): boolean {
    const { kind } = this.stat(path)
    if (kind !== 'absent' && kind !== 'directory') return false
    // The nearest directory that is there has to be readable for its listing to prove anything.
    const above = directoriesAbove(path).map((each) => this.#nodes.get(each))
    return above.every((node) => node?.kind !== 'directory' || node.isReadable)
  }

  /** Whether a look finds any file. */
  holdsFile(): boolean {
    const isHidden = (directory: string): boolean => {
      const node = this.#nodes.get(directory)
      return node?.kind === 'directory' && !node.isReadable
    }
    return this.#files().some((path) => !directoriesAbove(path).some(isHidden))
  }

  #files(): readonly string[] {
    return [...this.#nodes].filter(([, node]) => node.kind === 'file').map(([path]) => path)
  }

  #newInode(content: string, mtimeMs = this.#tick): Inode {
    this.#tick += 1
    return { ino: this.#tick, content, mtimeMs, ctimeMs: this.#tick }
  }

  #change(path: string, change: (inode: Inode) => void): boolean {
    const node = this.#nodes.get(path)
    if (node?.kind !== 'file') return false
    change(node.inode)
    node.inode.ctimeMs = this.#tick
    return true
  }

  #write(path: string, content: string): boolean {
    const isThere = this.#change(path, (inode) => {
      inode.content = content
      inode.mtimeMs = this.#tick
    })
    return isThere || this.#put(path, { kind: 'file', inode: this.#newInode(content) })
  }

  #truncate(path: string, keepsTime: boolean): boolean {
    return this.#change(path, (inode) => {
      inode.content = ''
      if (!keepsTime) inode.mtimeMs = this.#tick
    })
  }

  /** Makes the directories above, too. What is in the way at the path itself goes, with all that is in it. */
  #put(path: string, node: Node): boolean {
    const above = directoriesAbove(path)
    if (above.some((each) => !['directory', undefined].includes(this.#nodes.get(each)?.kind))) return false
    for (const each of above) if (!this.#nodes.has(each)) this.#nodes.set(each, { kind: 'directory', isReadable: true })
    this.#remove(path)
    this.#nodes.set(path, node)
    return true
  }

  #rename(from: string, to: string): boolean {
    const node = this.#nodes.get(from)
    if (node === undefined || to === from || to.startsWith(`${from}/`) || from.startsWith(`${to}/`)) return false
    const moved = [...this.#nodes].filter(([path]) => path.startsWith(`${from}/`))
    if (!this.#put(to, node)) return false
    this.#remove(from)
    for (const [path, each] of moved) this.#nodes.set(to + path.slice(from.length), each)
    if (node.kind === 'file') node.inode.ctimeMs = this.#tick
    return true
  }

  /** Each file takes the name of the next one: two names make a swap, three a cycle. */
  #rotate(paths: readonly string[]): boolean {
    const nodes = paths.map((path) => this.#nodes.get(path))
    const files = nodes.filter((node) => node?.kind === 'file')
    if (new Set(paths).size < paths.length || files.length < paths.length) return false
    for (const [i, path] of paths.entries()) {
      const node = files[(i + 1) % files.length]
      if (node?.kind !== 'file') continue
      node.inode.ctimeMs = this.#tick
      this.#nodes.set(path, node)
    }
    return true
  }

  #copy(from: string, to: string): boolean {
    const node = this.#nodes.get(from)
    if (node?.kind !== 'file' || from === to) return false
    return this.#put(to, { kind: 'file', inode: this.#newInode(node.inode.content) })
  }

  #copyInPlace(path: string): void {
    const node = this.#nodes.get(path)
    if (node?.kind !== 'file') return
    const { content, mtimeMs } = node.inode
    this.#nodes.set(path, { kind: 'file', inode: this.#newInode(content, mtimeMs) })
  }

  #link(from: string, to: string): boolean {
    const node = this.#nodes.get(from)
    if (node?.kind !== 'file' || from === to || !this.#put(to, node)) return false
    node.inode.ctimeMs = this.#tick
    return true
  }

  #remove(path: string): boolean {
    for (const each of [...this.#nodes.keys()]) if (each.startsWith(`${path}/`)) this.#nodes.delete(each)
    return this.#nodes.delete(path)
  }

  #permit(path: string, isReadable: boolean): boolean {
    const node = this.#nodes.get(path)
    if (node?.kind !== 'directory') return false
    node.isReadable = isReadable
    return true
  }
}

function fingerprintOf({ ino, content, mtimeMs, ctimeMs }: Inode): Fingerprint {
  return { ino, sizeBytes: content.length, mtimeMs, ctimeMs, dev: 1 }
}

/** The directories above a path, from the root's own down. */
function directoriesAbove(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
}
