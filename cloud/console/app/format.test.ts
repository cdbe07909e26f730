import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { formatsFor } from './format.ts'

describe('how the console writes moments', () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-06-01T12:00:00Z') }))
  afterEach(() => void vi.useRealTimers())

  it('by the clock that it was given, whichever the machine has', () => {
    const at = '2024-03-07T21:15:00.000Z'
    expect(formatsFor('ru', 'Europe/Moscow').moment(at)).toBe('8 мар. 2024, 00:15')
    expect(formatsFor('ru', 'America/New_York').moment(at)).toBe('7 мар. 2024, 16:15')
    expect(formatsFor('ru', 'Europe/Moscow').exact(at)).toMatch(/^8 марта 2024.*00:15:00 GMT\+3$/)
  })

  it('what dies at midnight by the last day on which it can be spent', () => {
    const { lastDay } = formatsFor('ru', 'Europe/Moscow')
    expect(lastDay('2026-12-31T21:00:00.000Z')).toBe('31 дек.')
    expect(lastDay('2025-12-31T21:00:00.000Z')).toBe('31 дек. 2025')
  })

  it('with a year where it is another one by that clock', () => {
    const at = '2025-12-31T21:15:00.000Z'
    expect(formatsFor('ru', 'Europe/Moscow').day(at)).toBe('1 янв.')
    expect(formatsFor('ru', 'UTC').day(at)).toBe('31 дек. 2025')
  })
})
