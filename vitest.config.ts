/**
 * Three projects: `unit` (beside the code), `integration` (several rooms together, the emulator) and `e2e` (the real app on
 * a desktop; `npm test` gives it a virtual one). Tests are never retried: one that passes the second time has found something.
 */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const tests = '**/*.test.{ts,tsx}'

export default defineConfig({
  test: {
    passWithNoTests: true,
    // Many tests start programs of their own, and wait for them: on two cores more workers take each other's time.
    maxWorkers: 3,
    projects: [
      {
        plugins: [react()],
        test: {
          name: 'unit',
          include: ['main', 'preload', 'renderer', 'scripts', 'shared'].map((folder) => `${folder}/${tests}`),
          // A machine that is busy with other things makes no test fail.
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: [`test/${tests}`],
          exclude: ['test/e2e/**'],
          globalSetup: 'test/support/build-engine-program.ts',
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: [`test/e2e/${tests}`],
          // One app at a time: it is single-instance, and two of them would fight over two cores.
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
