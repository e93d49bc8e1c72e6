/**
 * Lint rules: what typescript-eslint's strict, type-aware set finds, less its noise, and the house rules of ARCHITECTURE.md
 * that a machine can keep. Who may import whom is dependency-cruiser's business.
 */
import reactHooks from 'eslint-plugin-react-hooks'
import { globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const tests = ['**/*.test.{ts,tsx}', 'test/**']
const configFiles = ['*.config.{ts,js}', '.dependency-cruiser.mjs']

/** Of ESLint's own rules, those that find mistakes which types do not show. */
const mistakes = [
  'no-cond-assign',
  'no-constant-binary-expression',
  'no-control-regex',
  'no-dupe-else-if',
  'no-loss-of-precision',
  'no-misleading-character-class',
  'no-self-assign',
  'no-self-compare',
  'no-unsafe-finally',
  'no-unsafe-optional-chaining',
  'no-unused-labels',
  'no-useless-backreference',
  'no-useless-escape',
]

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Named exports only: one name for a thing, everywhere.',
}
const noOnly = {
  selector:
    'CallExpression[callee.type="MemberExpression"][callee.object.name=/^(it|test|describe)$/][callee.property.name="only"]',
  message: 'The other tests would not run.',
}
const noModuleMocks = {
  selector: 'CallExpression[callee.object.name="vi"][callee.property.name=/^(mock|doMock|hoisted)$/]',
  message: 'Use a fake at the seam (environment.ts) instead of replacing a module.',
}
const staleTexts = {
  selector: 'MemberExpression[object.name="t"]:not(:function MemberExpression)',
  message: 'Read while the module is loaded, a text stays in the language of that moment.',
}
const throughTheEnvironment = 'The engine gets time and chance from its environment, so that tests can hold them still.'

export default tseslint.config(
  globalIgnores(['out/', 'dist/', 'coverage/', 'test-results/']),
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // `typeof import(...)` names the type of what is loaded later.
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // `== null` means null or undefined.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      ...Object.fromEntries(mistakes.map((rule) => [rule, 'error'])),
      'max-lines': ['error', 400],
      'no-restricted-syntax': ['error', noDefaultExport, noOnly],

      // Numbers and booleans read well in templates; what must not get there is objects.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `() => doSomething()` as an event handler is fine.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // An async function may be one because its type says so.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
    },
  },
  {
    files: ['renderer/**'],
    extends: [reactHooks.configs.flat.recommended],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, noOnly, staleTexts] },
  },
  {
    files: ['main/**', 'preload/**'],
    ignores: ['main/app/{engine-host,shell-api,windows}/**', 'preload/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'electron',
              importNames: ['ipcMain', 'ipcRenderer'],
              message:
                'Messages between processes pass through engine-host, shell-api, windows and preload only, which check their sender.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['main/engine/**'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, noOnly, noModuleMocks] },
  },
  {
    files: ['main/engine/**'],
    ignores: ['main/engine/lib/**', 'main/engine/{environment,entry}.ts', ...tests],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'performance'].map((name) => ({ name, message: throughTheEnvironment })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: throughTheEnvironment },
        { object: 'Math', property: 'random', message: throughTheEnvironment },
      ],
      'no-restricted-imports': [
        'error',
        { paths: ['node:timers', 'node:timers/promises'].map((name) => ({ name, message: throughTheEnvironment })) },
      ],
    },
  },
  {
    files: tests,
    rules: {
      'max-lines': ['error', 600],
      // What `expect.any(...)` is.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: configFiles,
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // Plain JavaScript, typed by comments where it pays: what JSON.parse returns is used as it is.
    files: ['**/*.{js,mjs}'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // Outside every tsconfig.
    files: ['eslint.config.js', '.dependency-cruiser.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
  },
)
