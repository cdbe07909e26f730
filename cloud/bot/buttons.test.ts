import { expect, it } from 'vitest'
import { advertisingVersion, consentVersion } from '../../shared/consent.ts'
import { type Button, readButton, writeButton } from './buttons.ts'

const buttons: Button[] = [
  { action: 'agree', consentVersion },
  { action: 'agree', consentVersion, start: 'till-0123456789ab' },
  { action: 'agree', consentVersion, start: 'ref_abcdefgh23' },
  { action: 'decline' },
  { action: 'card' },
  { action: 'balance' },
  { action: 'history', before: '' },
  { action: 'history', before: '1795272659702_0198c5a8-7b1e-7c3a-9f00-000000000001' },
  { action: 'notify', about: 'purchases', wish: 'off' },
  { action: 'advertising', wish: 'ask' },
  { action: 'advertise', version: advertisingVersion },
  { action: 'forget', card: '123456789012' },
  { action: 'keep' },
]

it.each(buttons)('what $action says is read as it was written, and fits', (button) => {
  const data = writeButton(button)
  expect(readButton(data)).toEqual(button)
  expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64)
})

it.each([
  '',
  ':',
  'card:1',
  'history:1:2',
  'forget:12345678',
  'notify:all:on',
  'constructor',
  'agree:',
  'agree:1:x',
])('what is no button of ours is none: %j', (data) => {
  expect(readButton(data)).toBeNull()
})
