import type { Condition, Rule } from '../../../../../shared/rules/rule.ts'
import type { Formats } from '../../format.ts'
import type { Titles } from './known.ts'
import type { RuleFormWords } from './words.ts'

export interface Saying {
  texts: RuleFormWords
  formats: Formats
  stores: ReadonlyMap<number, string>
  /** What is not here is called by its name. */
  titles?: Titles
}

/** What a rule gives, and for which purchases, as one sentence. */
export function saidRule({ award, when, cap_points }: Rule, saying: Saying): string {
  return [
    saidAward(award, saying),
    ...when.map((condition) => saidCondition(condition, saying)),
    ...(cap_points === undefined ? [] : [saying.texts.capped(saying.formats.points(cap_points))]),
  ].join(', ')
}

type Part = keyof Rule

/** What else it says: for whom, when, how often, from what, and beside which others. */
const terms = [
  ...(['audience', 'holdout_percent', 'from', 'until', 'uses', 'lifetime_days', 'activation_days'] as const),
  ...(['budget', 'stacking', 'priority'] as const),
] satisfies Part[]

export const saidTerms = (rule: Rule, saying: Saying): string[] =>
  terms.flatMap((part) => (rule[part] === undefined ? [] : [saidPart(part, rule[part], saying)]))

/** One of its fields. What is no field of a rule that is known here is said as it is written. */
export function saidPart(part: string, value: unknown, saying: Saying): string {
  const { texts, formats, titles = {} } = saying
  const rule = { [part]: value } as Partial<Rule>
  if (rule.award) return saidAward(rule.award, saying)
  if (rule.when)
    return rule.when.map((condition) => saidCondition(condition, saying)).join(', ') || texts.said.anyPurchase
  if (rule.cap_points !== undefined) return texts.capped(formats.points(rule.cap_points))
  if (rule.audience !== undefined)
    return texts.terms.audience(titles.segments?.get(rule.audience) ?? rule.audience)
  if (rule.holdout_percent !== undefined) return texts.terms.holdout(rule.holdout_percent)
  if (rule.from !== undefined || rule.until !== undefined) return saidSpan(rule, saying)
  if (rule.uses) {
    const { per_day, total } = rule.uses
    return [
      ...(per_day === undefined ? [] : [texts.terms.perDay(per_day)]),
      ...(total === undefined ? [] : [texts.terms.total(total)]),
    ].join(', ')
  }
  if (rule.lifetime_days !== undefined) return texts.terms.lifetime(rule.lifetime_days)
  if (rule.activation_days !== undefined) return texts.terms.activation(rule.activation_days)
  if (rule.budget !== undefined) return texts.terms.budget(titles.budgets?.get(rule.budget) ?? rule.budget)
  if (rule.priority !== undefined) return texts.terms.priority(rule.priority)
  if (rule.stacking) {
    const { group, how } = rule.stacking
    return texts.terms.group(group, texts.hows[how] ?? how)
  }
  if (rule.campaign !== undefined) return texts.terms.campaign(rule.campaign)
  return String(value)
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

function saidCondition(condition: Condition, { texts, formats, stores, titles = {} }: Saying): string {
  const { said, weekdays, everyDay } = texts
  const among = (names: readonly string[], of: ReadonlyMap<string, string> | undefined) =>
    names.map((name) => of?.get(name) ?? name).join(', ')
  switch (condition.type) {
    case 'min_purchase':
      return said.min_purchase(formats.rouble(condition.kopecks))
    case 'stores':
      return said.stores(condition.ids.map((id) => stores.get(id) ?? `№ ${id}`).join(', '))
    case 'hours': {
      const days = condition.days?.map((day) => weekdays[day - 1] ?? '').join(', ') ?? everyDay
      return said.hours(days, condition.from, condition.to)
    }
    case 'status':
      return said.status(among(condition.names, titles.statuses))
    case 'segment':
      return [
        ...(condition.in ? [said.inSegment(among(condition.in, titles.segments))] : []),
        ...(condition.not_in ? [said.notInSegment(among(condition.not_in, titles.segments))] : []),
      ].join(', ')
    case 'purchase_number':
      return condition.every === undefined ? said.number(condition.is ?? 1) : said.every(condition.every)
    case 'first_of_day':
      return said.first_of_day
    case 'days_since_last': {
      const { min, max } = condition
      if (max === undefined) return said.sinceMin(min ?? 0)
      return min === undefined ? said.sinceMax(max) : said.sinceBoth(min, max)
    }
    case 'registered_within':
      return said.registered(condition.days)
    case 'items': {
      const { skus = [], categories = [], min_kopecks, min_quantity } = condition
      return [
        said.goods([...categories, ...skus].join(', ')),
        ...(min_kopecks === undefined ? [] : [said.goodsFor(formats.rouble(min_kopecks))]),
        ...(min_quantity === undefined ? [] : [said.goodsOf(formats.number(min_quantity))]),
      ].join(' ')
    }
  }
}

/** From when until when, by the calendar of the shops; empty: at any time. */
export function saidSpan({ from, until }: Pick<Partial<Rule>, 'from' | 'until'>, saying: Saying): string {
  const { texts, formats } = saying
  const said = (moment: string) =>
    `${formats.calendarDay(moment.slice(0, 10))}${moment.includes('T') ? `, ${moment.slice(11)}` : ''}`
  return [
    ...(from ? [texts.terms.from(said(from))] : []),
    ...(until ? [texts.terms.until(said(until))] : []),
  ].join(' ')
}
