/**
 * Sees from outside what a process does that outlasts it: transactions of SQLite, files it writes, requests it sends.
 *
 * Nothing in the engine knows of it: better-sqlite3's statements and Node's file functions are wrapped, and undici tells
 * of requests on its diagnostics channels. What lies between two effects leaves no trace, so a process that dies right
 * after each of them in turn has died everywhere.
 */
import { subscribe } from 'node:diagnostics_channel'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import Database from 'better-sqlite3'

/** One effect, told right after it happened. A request is told of twice: when all is sent, and when it is answered. */
export type Effect = {
  readonly kind: 'database' | 'file' | 'network'
  /** The function that was called, or the request's path and which of the two it is. */
  readonly what: string
}

/** Tells of every effect of this process from here on. */
export function watchEffects(tell: (effect: Effect) => void): void {
  watchDatabases(tell)
  watchFiles(tell)
  watchRequests(tell)
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown
type Methods = Record<string, AnyFunction>

/** Replaces a method by one that calls `after` when it has done its work. */
function wrap(holder: object, name: string, after: (self: unknown, args: readonly unknown[]) => void): void {
  const methods = holder as Partial<Methods>
  const original = methods[name]
  if (original === undefined) throw new Error(`there is no ${name}`)
  methods[name] = function (...args) {
    const result = Reflect.apply(original, this, args)
    if (!(result instanceof Promise)) {
      after(this, args)
      return result
    }
    return result.then((value: unknown) => {
      after(this, args)
      return value
    })
  }
}

function watchDatabases(tell: (effect: Effect) => void): void {
  const before = new WeakMap<Database.Database, string>()
  const statement = Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1')) as Methods
  const { all } = statement
  const tellChanges = (db: Database.Database, what: string): void => {
    // Inside a transaction nothing is there for good, and what changes nothing has no effect.
    if (db.inTransaction) return
    const now = JSON.stringify(all?.call(db.prepare('SELECT total_changes(), * FROM pragma_schema_version')))
    if (before.get(db) === now) return
    before.set(db, now)
    tell({ kind: 'database', what })
  }
  for (const name of ['run', 'get', 'all']) {
    wrap(statement, name, (self) => {
      const { database, source, readonly } = self as Database.Statement
      // To SQLite a COMMIT writes nothing itself.
      if (!readonly || source === 'COMMIT') tellChanges(database, source)
    })
  }
  wrap(Database.prototype, 'exec', (self, [source]) => {
    tellChanges(self as Database.Database, String(source).slice(0, 40))
  })
  wrap(Database.prototype, 'backup', () => {
    tell({ kind: 'database', what: 'backup' })
  })
}

/** What changes a file or a directory, here with its path. */
const CHANGING = [
  'rename',
  'rm',
  'unlink',
  'mkdir',
  'copyFile',
  'link',
  'symlink',
  'truncate',
  'appendFile',
  'writeFile',
]

function watchFiles(tell: (effect: Effect) => void): void {
  // The objects that imports mirror: imports themselves cannot be changed.
  const fs = createRequire(import.meta.url)('node:fs') as Methods & { readonly promises: Methods }
  const tellOf = (name: string) => (_self: unknown, args: readonly unknown[]) => {
    tell({ kind: 'file', what: `${name} ${String(args[0])}` })
  }
  for (const name of CHANGING) {
    wrap(fs, `${name}Sync`, tellOf(name))
    wrap(fs.promises, name, tellOf(name))
  }
  for (const name of ['writeSync', 'ftruncateSync', 'fsyncSync']) wrap(fs, name, tellOf(name))
  const tellOpened = (_self: unknown, [path, flags]: readonly unknown[]): void => {
    if (typeof flags === 'string' && /^[wa]|\+/.test(flags)) tell({ kind: 'file', what: `open ${String(path)}` })
  }
  wrap(fs, 'openSync', tellOpened)
  wrap(fs.promises, 'open', tellOpened)
  splitWriteFile(fs)
  syncBuiltinESMExports()
}

/** A file that is written by one call is there and empty for a moment: also a moment to die in. */
function splitWriteFile(fs: Methods): void {
  const { openSync, closeSync, writeFileSync } = fs
  fs['writeFileSync'] = (path, data, options) => {
    if (typeof path !== 'string') return writeFileSync?.(path, data, options)
    const { flag, mode } = (typeof options === 'object' ? options : {}) as {
      readonly flag?: string
      readonly mode?: number
    }
    const file = openSync?.(path, flag ?? 'w', mode)
    try {
      return writeFileSync?.(file, data, options)
    } finally {
      closeSync?.(file)
    }
  }
}

function watchRequests(tell: (effect: Effect) => void): void {
  for (const [event, what] of [
    ['bodySent', 'sent'],
    ['trailers', 'answered'],
  ]) {
    subscribe(`undici:request:${event}`, (message) => {
      const { request } = message as { readonly request: { readonly path: string } }
      tell({ kind: 'network', what: `${request.path} ${what}` })
    })
  }
}
