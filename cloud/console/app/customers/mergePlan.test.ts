import { expect, it } from 'vitest'
import type { Customer } from '../../../../shared/console/customers.ts'
import { planOf } from './mergePlan.ts'

type Side = Pick<Customer, 'id' | 'telegram' | 'held' | 'state' | 'mergedInto'>
const plain: Omit<Side, 'id'> = { telegram: null, held: 0, state: 'active', mergedInto: null }
const plan = (one: Partial<Side>, other: Partial<Side>, wanted = 1) => {
  const { stays, goes, ...rest } = planOf({ ...plain, ...one, id: 1 }, { ...plain, ...other, id: 2 }, wanted)
  return { stays: stays.id, goes: goes.id, ...rest }
}
const linked = { telegram: 'linked' } as const

it('keeps the card that is in Telegram, and of two that are not the one that is chosen', () => {
  expect(plan({}, {})).toEqual({ stays: 1, goes: 2, isChoice: true, problem: null })
  expect(plan({}, {}, 2)).toMatchObject({ stays: 2, goes: 1 })
  expect(plan({}, linked)).toEqual({ stays: 2, goes: 1, isChoice: false, problem: null })
  expect(plan(linked, {}, 2)).toMatchObject({ stays: 1, goes: 2, isChoice: false })
})

it('says what the ledger would refuse', () => {
  expect(plan(linked, { telegram: 'unreachable' })).toMatchObject({ problem: 'bothTelegram' })
  expect(plan({}, { held: 10 })).toMatchObject({ problem: 'openHold' })
  expect(plan({ held: 10 }, {})).toMatchObject({ problem: null })
  expect(plan({ state: 'frozen' }, {})).toMatchObject({ problem: 'frozenCard' })
  expect(plan({}, { mergedInto: { id: 3, card: '300003' } })).toMatchObject({ problem: 'otherMerged' })
})
