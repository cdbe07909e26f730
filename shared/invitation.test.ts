import { expect, it } from 'vitest'
import { invitationOf, linkOf } from './invitation.ts'

it.each([
  ['ref_abcdefgh23', 'abcdefgh23'],
  ['ref_abcdefgh2', undefined],
  ['ref_abcdefgh234', undefined],
  ['ref_abcdefghi3', undefined],
  ['ref_ABCDEFGH23', undefined],
  ['abcdefgh23', undefined],
  ['', undefined],
  [undefined, undefined],
])('the invitation in %s is %s', (parameter, code) => {
  expect(invitationOf(parameter)).toBe(code)
})

it('a link hands its code to the bot', () => {
  const link = new URL(linkOf('kopilka_bot', 'abcdefgh23'))
  expect(invitationOf(link.searchParams.get('start') ?? undefined)).toBe('abcdefgh23')
})
