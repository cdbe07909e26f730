import { expect, it } from 'vitest'
import { settingsSchema } from '../../shared/programme.ts'
import { bookWords } from '../../shared/words/book.ts'
import { thresholdsSchema } from './thresholds.ts'

it('every setting of a programme has a Russian name; the English one is its own', () => {
  const settings = [...Object.keys(settingsSchema.shape), ...Object.keys(thresholdsSchema.shape)]
  expect(settings.filter((name) => bookWords.ru.settings[name] === undefined)).toEqual([])
})
