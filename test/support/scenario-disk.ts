/** The disk of a scenario: carries out what programs do to the files of its folders. */
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { assertNever } from '../../shared/assert-never.ts'
import type { DiskStep, Tree } from '../scenarios/scenario.ts'

const HOUR_S = 3600

/** The disk of a scenario whose folders lie below `home`: the root, and where a scenario has one, `home/second`. */
export function createScenarioDisk(home: string) {
  const outside = join(home, 'outside')
  const sockets: Server[] = []
  let root = join(home, 'root')
  mkdirSync(outside, { recursive: true })

  const at = (path: string) => join(root, path)

  function write(path: string, content: string, keepsTimes = false): void {
    mkdirSync(dirname(at(path)), { recursive: true })
    changing(path, keepsTimes, () => writeFileSync(at(path), content))
  }

  /** Changes a file and, if wanted, gives it back the times it had. */
  function changing(path: string, keepsTimes: boolean, change: () => void): void {
    const before = keepsTimes ? lstatSync(at(path)) : null
    change()
    if (before !== null) utimesSync(at(path), before.atimeMs / 1000, before.mtimeMs / 1000)
  }

  function moveAll(from: string, to: string, stays?: string): void {
    mkdirSync(to, { recursive: true })
    for (const name of readdirSync(from)) if (name !== stays) renameSync(join(from, name), join(to, name))
  }

  function apply(step: DiskStep): void {
    switch (step.do) {
      case 'write':
        return write(step.path, step.content, step.keepsTimes)
      case 'append':
        return changing(step.path, step.keepsTimes ?? false, () => appendFileSync(at(step.path), step.content))
      case 'truncate':
        return changing(step.path, step.keepsTimes ?? false, () => truncateSync(at(step.path), step.sizeBytes))
      case 'touch': {
        const seconds = lstatSync(at(step.path)).mtimeMs / 1000 + step.byHours * HOUR_S
        return utimesSync(at(step.path), seconds, seconds)
      }
      case 'chmod':
        return chmodSync(at(step.path), step.mode)
      case 'rename':
        mkdirSync(dirname(at(step.to)), { recursive: true })
        return renameSync(at(step.from), at(step.to))
      case 'copy':
        mkdirSync(dirname(at(step.to)), { recursive: true })
        return cpSync(at(step.from), at(step.to), { recursive: true })
      case 'swap': {
        const aside = join(outside, 'swapped')
        renameSync(at(step.a), aside)
        renameSync(at(step.b), at(step.a))
        return renameSync(aside, at(step.b))
      }
      case 'remove':
        return rmSync(at(step.path), { recursive: true })
      case 'make-directory':
        mkdirSync(at(step.path), { recursive: true })
        return
      case 'link':
        mkdirSync(dirname(at(step.to)), { recursive: true })
        return linkSync(at(step.from), at(step.to))
      case 'symlink':
        return symlinkSync(step.target, at(step.path))
      case 'fifo':
        execFileSync('mkfifo', [at(step.path)])
        return
      case 'socket':
        sockets.push(createServer().listen(at(step.path)))
        return
      case 'sparse':
        return writeSparse(at(step.path), step.sizeBytes, step.end)
      case 'write-raw':
        mkdirSync(at(step.directory), { recursive: true })
        return writeFileSync(
          Buffer.concat([Buffer.from(`${at(step.directory)}/`), Buffer.from(step.nameHex, 'hex')]),
          step.content,
        )
      case 'make-unreadable':
        return chmodSync(at(step.path), 0)
      case 'make-readable':
        return chmodSync(at(step.path), lstatSync(at(step.path)).isDirectory() ? 0o755 : 0o644)
      case 'move-out':
        return renameSync(at(step.path), join(outside, basename(step.path)))
      case 'move-in':
        mkdirSync(dirname(at(step.path)), { recursive: true })
        return renameSync(join(outside, basename(step.path)), at(step.path))
      case 'move-root-away':
        return renameSync(root, join(home, 'root-away'))
      case 'bring-root-back':
        rmSync(root, { recursive: true, force: true })
        return renameSync(join(home, 'root-away'), root)
      case 'replace-root':
        renameSync(root, join(home, 'root-away'))
        return writeTree(step.tree)
      case 'copy-root':
        renameSync(root, join(home, 'root-away'))
        return cpSync(join(home, 'root-away'), root, { recursive: true, preserveTimestamps: true })
      case 'empty-root':
        return moveAll(root, join(home, 'root-content'), step.withMarker === true ? undefined : '.pail-folder')
      case 'refill-root':
        return moveAll(join(home, 'root-content'), root)
      case 'together':
        return step.steps.forEach(apply)
      default:
        return assertNever(step)
    }
  }

  function writeTree(tree: Tree): void {
    mkdirSync(root, { recursive: true })
    for (const [path, content] of Object.entries(tree)) {
      if (path.endsWith('/')) mkdirSync(at(path), { recursive: true })
      else write(path, content)
    }
  }

  return {
    get root() {
      return root
    },
    apply,
    writeTree,
    /** Moves the root to another place below the home, and returns that. */
    relocate(name: string): string {
      const elsewhere = join(home, name)
      renameSync(root, elsewhere)
      root = elsewhere
      return elsewhere
    },
    /** Ends what sockets hold open. */
    close(): void {
      for (const server of sockets) server.close()
    },
  }
}

/** A file with a hole before its last bytes. */
function writeSparse(path: string, sizeBytes: number, end: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'w')
  try {
    ftruncateSync(file, sizeBytes)
    writeSync(file, end, sizeBytes - Buffer.byteLength(end))
  } finally {
    closeSync(file)
  }
}

/** A copy of a file, for databases that are put back later. */
export function copyIfThere(from: string, to: string): void {
  try {
    copyFileSync(from, to)
  } catch {
    // A log that was merged into its database is not there.
  }
}
