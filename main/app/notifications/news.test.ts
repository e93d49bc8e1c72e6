import { describe, expect, it } from 'vitest'
import { EngineError } from '../../../shared/errors.ts'
import type { Problem } from '../../../shared/model/problem.ts'
import { failedLinkNews, problemNews } from './news.ts'

const problem = (part: Partial<Problem>): Problem => ({
  problemId: 'file:1:a.txt:file_unreadable',
  code: 'file_unreadable',
  scope: 'file',
  folderId: null,
  path: 'a.txt' as NonNullable<Problem['path']>,
  since: 0 as Problem['since'],
  details: {},
  ...part,
})
const named = (path: string) => problem({ path: path as NonNullable<Problem['path']> })

describe('problemNews', () => {
  it('is silent when there is nothing', () => {
    expect(problemNews([])).toBeNull()
  })

  it('names the one file, and says what to do', () => {
    const news = problemNews([named('Taxes/2026.pdf')])
    expect(news?.title).toBe('May not be read')
    expect(news?.body).toMatch(/^Taxes\/2026\.pdf\n\S/)
  })

  it('names the first three of many files with one cause, and how many there are', () => {
    const news = problemNews(['a', 'b', 'c', 'd'].map(named))
    expect(news?.body).toBe('4 files: a, b, c, ...')
  })

  it('counts problems with several causes, and names the causes once', () => {
    const news = problemNews([named('a'), named('b'), problem({ code: 'key_rejected', path: null, scope: 'account' })])
    expect(news?.title).toBe('3 problems need you')
    expect(news?.body.split('\n')).toHaveLength(2)
  })
})

describe('failedLinkNews', () => {
  it('says of which file, why, and what to do', () => {
    const news = failedLinkNews('Taxes/2026.pdf', new EngineError('not_found', 'x'))
    expect(news.title).toBe('No link to 2026.pdf')
    expect(news.body).not.toBe('')
  })
})
