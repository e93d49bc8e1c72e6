/**
 * Reads vitest's JSON reports and adds them up. What is not a passed or skipped test counts as failed, also a file that
 * could not be loaded, an error outside every test, and a run that ended without a report.
 */
import { readFileSync } from 'node:fs'

/**
 * `failures` are lines that name what failed, and why: the whole output is long, and a log often keeps only its end.
 *
 * @typedef {{ passed: number, failed: number, skipped: number, failures: readonly string[] }} Sum
 * @typedef {{ status: string, fullName: string, failureMessages: readonly string[] }} TestResult
 * @typedef {{ name: string, status: string, message?: string, assertionResults: readonly TestResult[] }} FileResult
 * @typedef {{ testResults: readonly FileResult[] }} Report
 */

/** Of a failure's message this many lines are repeated. */
const MESSAGE_LINES = 6

/** @param {string} file @param {number} exitCode of the run that wrote it @returns {Sum} */
export function readReport(file, exitCode) {
  try {
    return countReport(JSON.parse(readFileSync(file, 'utf8')), exitCode)
  } catch {
    return onlyFailed('a run that left no report')
  }
}

/** @param {string} failure @returns {Sum} */
function onlyFailed(failure) {
  return { passed: 0, failed: 1, skipped: 0, failures: [failure] }
}

/** @param {Report} report @param {number} exitCode @returns {Sum} */
export function countReport(report, exitCode) {
  const sum = addUp(report.testResults.map(countFile))
  if (exitCode === 0 || sum.failed > 0) return sum
  return addUp([sum, onlyFailed(`an error outside every test: exit code ${exitCode}`)])
}

/** @param {FileResult} file @returns {Sum} */
function countFile(file) {
  const outcomes = { passed: 0, skipped: 0 }
  const failures = []
  for (const test of file.assertionResults) {
    if (test.status === 'passed') outcomes.passed += 1
    else if (['skipped', 'pending', 'todo', 'disabled'].includes(test.status)) outcomes.skipped += 1
    else failures.push(describeFailure(`${file.name} > ${test.fullName}`, test.failureMessages.join('\n')))
  }
  if (file.status === 'failed' && failures.length === 0) failures.push(describeFailure(file.name, file.message ?? ''))
  return { ...outcomes, failed: failures.length, failures }
}

/** @param {string} what @param {string} message */
function describeFailure(what, message) {
  const lines = message.split('\n').filter((line) => line.trim() !== '')
  return [what, ...lines.slice(0, MESSAGE_LINES)].join('\n  ')
}

/** @param {readonly Sum[]} sums @returns {Sum} */
export function addUp(sums) {
  const total = (/** @type {'passed' | 'failed' | 'skipped'} */ key) => sums.reduce((sum, each) => sum + each[key], 0)
  const failures = sums.flatMap((each) => each.failures)
  return { passed: total('passed'), failed: total('failed'), skipped: total('skipped'), failures }
}

/** What failed, if anything, and the closing line. @param {Sum} sum */
export function describeSum({ passed, failed, skipped, failures }) {
  const sum = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
  return [...failures.map((failure) => `FAILED ${failure}`), sum].join('\n')
}
