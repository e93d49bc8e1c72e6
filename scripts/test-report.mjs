/**
 * Reads vitest's JSON reports and adds them up. What is not a passed or skipped test counts as failed, also a file that
 * could not be loaded, an error outside every test, and a run that ended without a report.
 */
import { readFileSync } from 'node:fs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Sum */
/** @typedef {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} Report */

/** @param {string} file @param {number} exitCode of the run that wrote it @returns {Sum} */
export function readReport(file, exitCode) {
  try {
    return countReport(JSON.parse(readFileSync(file, 'utf8')), exitCode)
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

/** @param {Report} report @param {number} exitCode @returns {Sum} */
export function countReport(report, exitCode) {
  const sum = addUp(report.testResults.map(countFile))
  return exitCode !== 0 && sum.failed === 0 ? { ...sum, failed: 1 } : sum
}

/** @param {Report['testResults'][number]} file @returns {Sum} */
function countFile(file) {
  const count = (/** @type {string[]} */ ...statuses) =>
    file.assertionResults.filter(({ status }) => statuses.includes(status)).length
  const passed = count('passed')
  const skipped = count('skipped', 'pending', 'todo', 'disabled')
  const failed = file.assertionResults.length - passed - skipped
  return { passed, skipped, failed: file.status === 'failed' && failed === 0 ? 1 : failed }
}

/** @param {readonly Sum[]} sums @returns {Sum} */
export function addUp(sums) {
  const total = (/** @type {keyof Sum} */ key) => sums.reduce((sum, each) => sum + each[key], 0)
  return { passed: total('passed'), failed: total('failed'), skipped: total('skipped') }
}

/** The closing line. @param {Sum} sum */
export function describeSum({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
