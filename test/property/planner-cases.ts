/** Random trees, what happens to them, and what the engine does meanwhile, as values that fast-check can make smaller. */
import fc from 'fast-check'
import type { DiskOp } from './model-disk.ts'
import type { Answers, ModelEngine, ModelOptions, RemoteOp, Start } from './model-engine.ts'

/**
 * Names that meet in every way: in directories that can be files, in another case, in two forms of the same accent. As
 * many as it takes for more than ten files to be emptied at once.
 */
const PATHS = [
  'a',
  'b',
  'c',
  'A',
  'n\u0303',
  '\u00f1',
  'd',
  'd/a',
  'd/b',
  'd/s',
  'd/s/a',
  'd/s/b',
  'e/a',
  'e/b',
  'e/c',
  'f',
]

const DIRECTORIES = ['d', 'd/s', 'e']

/** One and more of most sizes, so that equal sizes mean nothing. */
const CONTENTS = ['', 'x', 'y', 'xx', 'yy', 'xxx']

/** More jobs than there ever are. */
const ALL = 1000

export type Step =
  | { readonly do: 'disk'; readonly op: DiskOp }
  | { readonly do: 'bucket'; readonly op: RemoteOp }
  | { readonly do: 'hint'; readonly paths: readonly string[] }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'run'; readonly limit: number; readonly meanwhile: DiskOp | null }
  | { readonly do: 'crash'; readonly limit: number }
  | { readonly do: 'look' | 'list' | 'restart' | 'answer' }

export type Case = {
  readonly start: readonly Start[]
  readonly settings: ModelOptions['settings']
  readonly answers: Answers
  readonly steps: readonly Step[]
  /** Decides about orders. */
  readonly seed: number
}

const path = fc.constantFrom(...PATHS)
const content = fc.constantFrom(...CONTENTS)
const fullContent = fc.constantFrom(...CONTENTS.filter((each) => each !== ''))
const directory = fc.constantFrom(...DIRECTORIES)
const answer = fc.constantFrom('apply' as const, 'keep' as const)

const copying: fc.Arbitrary<DiskOp> = fc.record({ do: fc.constant('copy' as const), path, to: path })

/** What gives files other names, and changes none. */
const moving: fc.Arbitrary<DiskOp> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('rename' as const), path, to: path }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename' as const), path: directory, to: directory }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('rotate' as const),
      paths: fc.uniqueArray(path, { minLength: 2, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('link' as const), path, to: path }) },
)

const changing: fc.Arbitrary<DiskOp> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('write' as const, 'replace' as const), path, content }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('touch' as const), path }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('truncate' as const), path, keepsTime: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('truncate-all' as const), keepsTime: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('remove' as const), path }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), path: directory }) },
  { weight: 1, arbitrary: fc.constant({ do: 'remove-all' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('symlink' as const), path }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('symlink' as const), path: directory }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('make-directory' as const), path }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('permit' as const), path: directory, isReadable: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'copy-everything' as const }) },
)

const diskOp = fc.oneof(
  { weight: 4, arbitrary: moving },
  { weight: 1, arbitrary: copying },
  { weight: 6, arbitrary: changing },
)

const remoteOp: fc.Arbitrary<RemoteOp> = fc.oneof(
  fc.record({ do: fc.constant('upload' as const), path, content }),
  fc.record({ do: fc.constantFrom('hide' as const, 'delete-newest' as const, 'delete-all' as const), path }),
)

const start = (kinds: readonly Start['kind'][], contents: fc.Arbitrary<string>): fc.Arbitrary<readonly Start[]> =>
  fc.uniqueArray(fc.record({ path, content: contents, kind: fc.constantFrom(...kinds) }), {
    maxLength: PATHS.length,
    selector: (each) => each.path,
  })

const hiding = fc.constant({ kind: 'hide' as const })
const keeping = fc.constant({ kind: 'keep' as const })
const deleting = fc.constant({ kind: 'delete' as const })

const settings = (policy: fc.Arbitrary<Case['settings']['policy']>): fc.Arbitrary<Case['settings']> =>
  fc.record({ policy, gateFiles: fc.integer({ min: 1, max: 5 }), gatePercent: fc.constantFrom(10, 30, 50, 100) })

const answers: fc.Arbitrary<Answers> = fc.record({ deleted: answer, emptied: answer, overwrite: answer })

/** Waits that are shorter and longer than the delay of 30 seconds, and longer than the gate's window. */
const wait = fc.record({
  do: fc.constant('wait' as const),
  ms: fc.constantFrom(1000, 15_000, 30_000, 31_000, 3_700_000),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('disk' as const), op: diskOp }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('bucket' as const), op: remoteOp }) },
  { weight: 5, arbitrary: fc.constant({ do: 'look' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('hint' as const),
      paths: fc.uniqueArray(fc.oneof(path, directory), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 5, arbitrary: wait },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('run' as const),
      limit: fc.integer({ min: 1, max: 8 }),
      meanwhile: fc.option(diskOp, { freq: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), limit: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'list' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'answer' as const }) },
)

const seed = fc.integer({ min: 1, max: 2 ** 31 - 1 })

/** Anything at all. */
export const anyCase: fc.Arbitrary<Case> = fc.record({
  start: start(
    ['agreed', 'agreed', 'agreed', 'agreed', 'lost', 'here', 'ours-there', 'same-there', 'other-there'],
    content,
  ),
  settings: settings(
    fc.oneof({ weight: 5, arbitrary: hiding }, { weight: 1, arbitrary: deleting }, { weight: 1, arbitrary: keeping }),
  ),
  answers,
  steps: fc.array(step, { maxLength: 20 }),
  seed,
})

/** What the engine may do before all that was planned is done. */
const meanwhile: fc.Arbitrary<readonly Step[]> = fc.oneof(
  fc.constant<readonly Step[]>([{ do: 'look' }]),
  fc.constant<readonly Step[]>([{ do: 'restart' }, { do: 'look' }]),
  fc.integer({ min: 1, max: 3 }).map((limit): readonly Step[] => [{ do: 'run', limit, meanwhile: null }]),
)

/**
 * A folder in sync in which content is only moved and copied, each time in peace: hints come long before anything that is
 * gone gets its second look, and what was planned is done before more is moved. (What is half done when more is moved may
 * be known by no name. Where versions are deleted, one that was to be copied may be gone.)
 */
export const movingCase: fc.Arbitrary<Case> = fc.record({
  start: start(['agreed'], fullContent),
  settings: fc.record({
    policy: fc.oneof(hiding, keeping),
    gateFiles: fc.constant(5),
    gatePercent: fc.constant(100),
  }),
  answers: fc.constant({ deleted: 'apply' as const, emptied: 'apply' as const, overwrite: 'apply' as const }),
  steps: fc
    .array(
      fc.oneof(
        {
          weight: 3,
          arbitrary: fc
            .tuple(
              fc.oneof(
                { weight: 3, arbitrary: fc.array(moving, { minLength: 1, maxLength: 4 }) },
                { weight: 1, arbitrary: copying.map((op) => [op]) },
              ),
              fc.array(meanwhile, { maxLength: 4 }),
            )
            .map(([ops, between]): readonly Step[] => [
              ...ops.map((op): Step => ({ do: 'disk', op })),
              { do: 'look' },
              ...between.flat(),
              { do: 'run', limit: ALL, meanwhile: null },
              { do: 'look' },
              { do: 'run', limit: ALL, meanwhile: null },
            ]),
        },
        { weight: 2, arbitrary: wait.map((each): readonly Step[] => [each]) },
        { weight: 1, arbitrary: fc.constant<readonly Step[]>([{ do: 'answer' }]) },
      ),
      { maxLength: 8 },
    )
    .map((steps) => steps.flat()),
  seed,
})

/** Does one step. */
export function take(engine: ModelEngine, each: Step): void {
  switch (each.do) {
    case 'disk':
      engine.changeDisk(each.op)
      return
    case 'bucket':
      engine.changeBucket(each.op)
      return
    case 'hint':
      engine.hint(each.paths)
      return
    case 'wait':
      engine.wait(each.ms)
      return
    case 'run':
      engine.run(each.limit, each.meanwhile ?? undefined)
      return
    case 'crash':
      engine.crash(each.limit)
      return
    case 'look':
      engine.look()
      return
    case 'list':
      engine.list()
      return
    case 'restart':
      engine.restart()
      return
    case 'answer':
      engine.answer()
  }
}
