import { describe, expect, it } from 'vitest'
import { addUp, countReport, describeSum, readReport } from './test-report.mjs'

function file(status: string, ...tests: string[]) {
  const assertionResults = tests.map((each) => ({
    status: each,
    fullName: `does what is ${each}`,
    failureMessages: each === 'failed' ? ['Error: no\n\n    at here'] : [],
  }))
  return { name: 'a.test.ts', status, message: 'cannot be loaded', assertionResults }
}

describe('countReport', () => {
  it('counts tests by their outcome, and names those that failed', () => {
    const report = {
      testResults: [file('failed', 'passed', 'failed', 'skipped'), file('passed', 'passed', 'todo', 'pending')],
    }
    const failures = ['a.test.ts > does what is failed\n  Error: no\n      at here']
    expect(countReport(report, 1)).toEqual({ passed: 2, failed: 1, skipped: 3, failures })
  })

  it('counts a file that could not be loaded as one failure', () => {
    expect(countReport({ testResults: [file('failed'), file('passed', 'passed')] }, 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
      failures: ['a.test.ts\n  cannot be loaded'],
    })
  })

  it('counts an error outside every test, which only the exit code tells, as one failure', () => {
    expect(countReport({ testResults: [file('passed', 'passed')] }, 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
      failures: ['an error outside every test: exit code 1'],
    })
  })
})

describe('readReport', () => {
  it('counts a run that left no report as one failure', () => {
    expect(readReport('/nowhere/report.json', 0)).toMatchObject({ passed: 0, failed: 1, skipped: 0 })
  })
})

describe('describeSum', () => {
  it('says passed and failed, and skipped only when there are any; before it what failed', () => {
    const sums = [
      { passed: 3, failed: 0, skipped: 0, failures: [] },
      { passed: 2, failed: 1, skipped: 0, failures: ['a.test.ts > works\n  Error: no'] },
    ]
    expect(describeSum(addUp(sums))).toBe('FAILED a.test.ts > works\n  Error: no\n5 passed, 1 failed')
    expect(describeSum({ passed: 5, failed: 0, skipped: 2, failures: [] })).toBe('5 passed, 0 failed, 2 skipped')
  })
})
