import { expect, it } from 'vitest'
import { createLog } from './log.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  write(createLog('info', { write: (line: string) => lines.push(line) }))
  return lines.join('')
}

it.each(['authorization', 'key', 'password', 'token'])('a line tells no %s, whatever it is in', (name) => {
  const secret = 'kop_secret'
  const has = { id: 7, [name]: secret }
  const lines = logged((log) => {
    log.info({ register: has, others: 'as they are' }, 'told')
    log.child({ register: has }).info('told by a child')
    log.error({ err: Object.assign(new Error('failed'), has) }, 'failed')
    log.error(Object.assign(new Error('failed'), has))
    log.error({ error: Object.assign(new Error('failed'), has) })
  })
  expect(lines).not.toContain(secret)
  const [first = '', ...rest] = lines.trim().split('\n')
  expect(JSON.parse(first)).toMatchObject({
    register: { id: 7, [name]: '[Redacted]' },
    others: 'as they are',
  })
  expect(rest).toHaveLength(4)
})

it('an error is told with where it came from, and without the values of a row', () => {
  const error = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (card)=(123456) exists',
  })
  const { err } = JSON.parse(logged((log) => log.error({ err: error }, 'not written')))
  expect(err).toMatchObject({
    message: 'duplicate key',
    code: '23505',
    stack: expect.stringContaining('log.test'),
  })
  expect(err.detail).toBeUndefined()
})
