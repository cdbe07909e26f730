import type { Answer } from './send.ts'

const ANSWER_WITHIN_MS = 15_000

/** What no answer may be, whatever was asked. */
export function problemOf(answer: Answer, { largestBytes }: { largestBytes: number }): string | null {
  if (answer.isLate) return 'no answer in 20 s'
  if (answer.ms > ANSWER_WITHIN_MS) return 'answered after more than 15 s'
  if (answer.status !== null && answer.status >= 500 && answer.status !== 503)
    return `answered ${answer.status}`
  if (answer.sizeBytes > largestBytes) return `answered with more than ${largestBytes} bytes`
  return null
}

/** The errors that a log tells of, shortened so that the same one reads the same. */
export function errorsIn(log: string): string {
  const messages = log.split('\n').flatMap((line) => {
    const message = /"message":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1]
    return message ?? (/^\s*(\w*Error\b.*)$/.exec(line)?.[1] || [])
  })
  return [...new Set(messages.map(plain))].slice(0, 2).join(' | ')
}

const plain = (message: string) =>
  message
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>')
    .replaceAll(/\d{3,}/g, '<n>')
    .slice(0, 160)
