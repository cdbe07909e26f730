import type { Campaign } from '../../../../../shared/campaigns/campaign.ts'
import type { Condition, Rule } from '../../../../../shared/rules/rule.ts'
import type { Formats } from '../../format.ts'
import type { CampaignWords } from '../../campaigns/words.ts'

export interface Saying {
  texts: CampaignWords
  formats: Formats
  stores: ReadonlyMap<number, string>
}

/** What a rule of a campaign gives, and for which purchases, as one sentence. */
export function saidRule({ award, when, cap_points }: Rule, saying: Saying): string {
  const { texts, formats } = saying
  return [
    saidAward(award, saying),
    ...when.map((condition) => saidCondition(condition, saying)),
    ...(cap_points === undefined ? [] : [texts.capped(formats.points(cap_points))]),
  ].join(', ')
}

function saidAward(award: Rule['award'], { texts, formats }: Saying): string {
  switch (award.type) {
    case 'percent': {
      const said = award.of === 'matching_items' ? texts.award.matching : texts.award.percent
      return said(formats.percent(award.basis_points))
    }
    case 'points':
      return formats.points(award.points)
    case 'multiply':
      return texts.award.multiply(formats.number(1 + award.times_basis_points / 10_000))
  }
}

function saidCondition(condition: Condition, { texts, formats, stores }: Saying): string {
  const { conditions, weekdays, everyDay } = texts
  switch (condition.type) {
    case 'min_purchase':
      return conditions.min_purchase(formats.rouble(condition.kopecks))
    case 'stores':
      return conditions.stores(condition.ids.map((id) => stores.get(id) ?? `№ ${id}`).join(', '))
    case 'hours': {
      const days = condition.days?.map((day) => weekdays[day - 1] ?? '').join(', ') ?? everyDay
      return conditions.hours(days, condition.from, condition.to)
    }
    case 'status':
      return conditions.status(condition.names.join(', '))
    case 'segment':
      return conditions.segment
    case 'purchase_number':
      return condition.every === undefined
        ? conditions.number(condition.is ?? 1)
        : conditions.every(condition.every)
    case 'first_of_day':
      return conditions.first_of_day
    case 'days_since_last': {
      const { min, max } = condition
      if (max === undefined) return conditions.sinceMin(min ?? 0)
      return min === undefined ? conditions.sinceMax(max) : conditions.sinceBoth(min, max)
    }
    case 'registered_within':
      return conditions.registered(condition.days)
    case 'items':
      return conditions.items
  }
}

/** From when until when, by the calendar of the shops. */
export function saidTime({ from, until }: Partial<Pick<Campaign, 'from' | 'until'>>, saying: Saying): string {
  const { texts, formats } = saying
  const said = (moment: string) =>
    `${formats.calendarDay(moment.slice(0, 10))}${moment.includes('T') ? `, ${moment.slice(11)}` : ''}`
  const parts = [...(from ? [texts.from(said(from))] : []), ...(until ? [texts.until(said(until))] : [])]
  return parts.length > 0 ? parts.join(' ') : texts.always
}
