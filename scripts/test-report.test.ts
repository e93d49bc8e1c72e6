import { describe, expect, it } from 'vitest'
import { addUp, countReport, describeSum, readReport } from './test-report.mjs'

function file(status: string, ...tests: string[]) {
  return { status, assertionResults: tests.map((each) => ({ status: each })) }
}

describe('countReport', () => {
  it('counts tests by their outcome', () => {
    const report = {
      testResults: [file('failed', 'passed', 'failed', 'skipped'), file('passed', 'passed', 'todo', 'pending')],
    }
    expect(countReport(report, 1)).toEqual({ passed: 2, failed: 1, skipped: 3 })
  })

  it('counts a file that could not be loaded as one failure', () => {
    expect(countReport({ testResults: [file('failed'), file('passed', 'passed')] }, 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    })
  })

  it('counts an error outside every test, which only the exit code tells, as one failure', () => {
    expect(countReport({ testResults: [file('passed', 'passed')] }, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 })
  })
})

describe('readReport', () => {
  it('counts a run that left no report as one failure', () => {
    expect(readReport('/nowhere/report.json', 0)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})

describe('describeSum', () => {
  it('says passed and failed, and skipped only when there are any', () => {
    const sums = [
      { passed: 3, failed: 0, skipped: 0 },
      { passed: 2, failed: 1, skipped: 0 },
    ]
    expect(describeSum(addUp(sums))).toBe('5 passed, 1 failed')
    expect(describeSum({ passed: 5, failed: 0, skipped: 2 })).toBe('5 passed, 0 failed, 2 skipped')
  })
})
