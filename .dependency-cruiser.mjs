/**
 * Who may import whom. The picture these rules keep is in ARCHITECTURE.md.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
const product = '^(main|preload|renderer|shared)/'
const aTest = '[.]test[.]tsx?$'
const electron = '(^|/)node_modules/(electron|@electron|electron-[a-z]+)(/|$)|^(electron|electron/.*)$'

/** Libraries with side effects live in one room of the engine each. */
const onlyRooms = { chokidar: 'scan', 'better-sqlite3': 'state', undici: 'b2', keytar: 'credentials' }

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'A cycle means two files are one file. Move the shared part down.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['[?]', '^electron$'] },
    },
    {
      name: 'shared-is-a-leaf',
      severity: 'error',
      comment: 'shared/ is the contract: zod, birpc and nothing else.',
      from: { path: '^shared/', pathNot: aTest },
      to: { pathNot: ['^shared/', '^node_modules/(zod|birpc)/'] },
    },
    {
      name: 'engine-without-electron',
      severity: 'error',
      comment: 'The engine must run under plain Node (CLI, tests, CI).',
      from: { path: '^(main/(engine|cli)|shared)/' },
      to: { path: electron },
    },
    {
      name: 'cli-never-reaches-electron',
      severity: 'error',
      comment: 'No chain of imports from the headless entries may end in Electron.',
      from: { path: '^main/(cli|engine/entry)' },
      to: { path: electron, reachable: true },
    },
    {
      name: 'engine-looks-down-only',
      severity: 'error',
      from: { path: '^main/engine/' },
      to: { path: '^(main/(app|cli)|preload|renderer)/' },
    },
    {
      name: 'app-meets-the-engine-at-its-protocol',
      severity: 'error',
      comment: 'The app talks to the engine over a channel; only the words of that channel are shared.',
      from: { path: '^main/app/', pathNot: aTest },
      to: { path: '^main/engine/', pathNot: '^main/engine/protocol[.]ts$' },
    },
    {
      name: 'renderer-through-the-contract',
      severity: 'error',
      comment: 'The renderer reaches the rest of the program only through shared/.',
      from: { path: '^renderer/' },
      to: { path: ['^(main|preload|test)/', electron] },
    },
    {
      name: 'renderer-without-node',
      severity: 'error',
      from: { path: '^renderer/', pathNot: aTest },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'preload-is-thin',
      severity: 'error',
      from: { path: '^preload/', pathNot: aTest },
      to: { pathNot: ['^(preload|shared)/', electron] },
    },
    {
      name: 'plan-is-pure',
      severity: 'error',
      comment: 'No I/O, no clock, no database in plan/.',
      from: { path: '^main/engine/plan/', pathNot: aTest },
      to: { pathNot: ['^main/engine/(plan|model)/', '^shared/'] },
    },
    {
      name: 'b2-knows-no-sync',
      severity: 'error',
      comment: 'The API client could be published on its own.',
      from: { path: '^main/engine/b2/', pathNot: aTest },
      to: { path: '^main/engine/(?!b2/|lib/)' },
    },
    {
      name: 'restore-knows-no-sync',
      severity: 'error',
      comment: 'What is in a bucket can be brought back without knowing how it came there.',
      from: { path: '^main/engine/restore/', pathNot: aTest },
      to: { path: '^main/engine/(?!restore/|b2/|lib/|model/|scan/)' },
    },
    {
      name: 'drops-know-no-sync',
      severity: 'error',
      comment: 'What is dropped is sent once: no folder, no watching, no job.',
      from: { path: '^main/engine/drops/', pathNot: aTest },
      to: { path: '^main/engine/(sync|api|restore|links|credentials)/' },
    },
    ...Object.entries(onlyRooms).map(([library, room]) => ({
      name: `only-${room}-imports-${library}`,
      severity: 'error',
      from: { path: product, pathNot: [`^main/engine/${room}/`, aTest] },
      to: { path: `^node_modules/${library}(/|$)` },
    })),
    {
      name: 'emulator-knows-only-the-wire',
      severity: 'error',
      comment: 'The emulator is a second opinion on B2: it must not share our mistakes.',
      from: { path: '^test/b2-emulator/', pathNot: aTest },
      to: { path: '^(main|preload|renderer|shared)/' },
    },
    {
      name: 'contract-knows-only-the-wire',
      severity: 'error',
      comment: 'What B2 does is checked without a line of ours: neither our client nor the inside of the emulator.',
      from: { path: '^test/contract/' },
      to: { path: ['^(main|preload|renderer|shared)/', '^test/b2-emulator/(?!emulator[.]ts$)'] },
    },
    {
      name: 'not-to-test',
      severity: 'error',
      from: { path: product, pathNot: aTest },
      to: { path: ['^test/', aTest] },
    },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      from: { path: product, pathNot: aTest },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: ['node_modules/@types/', electron],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
