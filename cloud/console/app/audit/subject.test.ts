import { expect, it } from 'vitest'
import { subjectOf } from './subject.ts'
import { auditWords } from './words.ts'

it.each([
  ['покупатель 654321', 'customer 654321'],
  ['Покупатель  654321 ', 'customer 654321'],
  ['654321', 'customer 654321'],
  ['customer 654321', 'customer 654321'],
  ['предложение № 12', 'proposal 12'],
  ['партия купонов 3', 'voucher batch 3'],
  ['правила программы 1', 'rule book of programme 1'],
  ['программа 1', 'programme 1'],
  ['сотрудник olga', 'staff olga'],
  ['12', '12'],
  ['notifications', 'notifications'],
  ['', ''],
])('finds by %j what the log calls %j', (typed, subject) => {
  expect(subjectOf(typed, auditWords.ru.subjects)).toBe(subject)
})
