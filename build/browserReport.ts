import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Reporter, TestCase, TestError, TestResult } from '@playwright/test/reporter'

/** Of a page, as a screen reader has it: enough to see which screen it was. */
const MOST_LINES_OF_PAGE = 60

/** Of the tests in the browser: nothing while they run; then which failed, and after all names what each of them saw. */
export default function browserReport(): Reporter {
  const failed = new Map<TestCase, TestResult>()
  const outside: TestError[] = []
  return {
    onTestEnd(test, result) {
      if (result.status !== test.expectedStatus && result.status !== 'skipped') failed.set(test, result)
    },
    onError(error) {
      outside.push(error)
    },
    onEnd({ status }) {
      if (status === 'passed' && failed.size === 0) return
      const lines = [`${failed.size} failed in the browser${status === 'failed' ? '' : `; it ${status}`}`]
      for (const test of failed.keys()) lines.push(`  ${nameOf(test)}`)
      for (const error of outside) lines.push('', '── outside of any test', ...told(error))
      for (const [test, result] of failed)
        lines.push('', `── ${nameOf(test)}`, ...result.errors.flatMap(told), ...seenBy(result))
      console.log(stripVTControlCharacters(lines.join('\n')))
    },
    printsToStdio: () => true,
  }
}

function nameOf(test: TestCase): string {
  const { file, line } = test.location
  const [, , , ...titles] = test.titlePath()
  return `${relative(process.cwd(), file)}:${line} › ${titles.join(' › ')}`
}

function told({ message, value, snippet, location }: TestError): string[] {
  const place = location ? [`at ${relative(process.cwd(), location.file)}:${location.line}`] : []
  return [message ?? value ?? '', ...(snippet ? [snippet] : []), ...place]
}

function seenBy({ attachments, stdout, stderr }: TestResult): string[] {
  const said = [...stdout, ...stderr].map(String).join('').trim()
  const page = pageIn(attachments.find(({ name }) => name === 'error-context')?.path)
  return [...(page ? ['the page:', page] : []), ...(said ? ['what was printed meanwhile:', said] : [])]
}

/** Playwright writes the page down for somebody who has the folder; whoever reads a log has not. */
function pageIn(path: string | undefined): string | undefined {
  const page = path && /```yaml\n(.*?)```/s.exec(readFileSync(path, 'utf8'))?.[1]
  if (!page) return undefined
  const plain = page.trimEnd().replaceAll(/ \[(ref|cursor)=\w+\]/g, '')
  return plain.split('\n').slice(0, MOST_LINES_OF_PAGE).join('\n')
}
