import { expect, it } from 'vitest'
import { rubles, table } from './print.ts'

it('a table has money in rubles and kopecks, one below the other', () => {
  const rows = [123450, 700, 1_000_000].map((kopecks, index) => [`${index}`, rubles(kopecks)])
  expect(table(['sale', 'rubles'], rows)).toBe(
    ['sale  rubles', '0      1234.50', '1         7.00', '2     10000.00'].join('\n'),
  )
})
