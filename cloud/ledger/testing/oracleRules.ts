import type { Item } from '../../../shared/items.ts'
import { isHeldOut } from '../../../shared/rules/holdout.ts'
import { DAY, type Instant } from '../../../shared/time.ts'
import type { BudgetSaid, RuleSaid } from './terms.ts'

/** What the oracle knows when it asks the rules. All shops of its stories are in Moscow, where clocks are never changed. */
interface Asked {
  at: Instant
  store: number
  paid: number
  kopecks: number
  /** Null: nobody knows. */
  items: Item[] | null
  cashback: number
  /** Null: there are none in the book. */
  status: string | null
  card: string
  segments: readonly string[]
  registeredAt: Instant
  /** When the purchases were that stand, and how many more there were before anybody can ask. */
  before: Instant[]
  number: number
  used(ruleId: string, period: string): number
  /** What is left in the budget of a rule; of a rule without one, everything. */
  left(rule: RuleSaid): number
  budgets: readonly BudgetSaid[]
}

/** What a rule gives; of a share, which one, so many times over. */
export interface Given {
  rule: RuleSaid
  points: number
  share: number | null
  times: number
  /** The money that it is a share of, and what was paid in all. */
  of: number
  paid: number
  cap: number
  minKopecks: number
  periods: string[]
}

const MOSCOW = DAY / 8
const dayOf = (at: Instant) => Math.floor((at + MOSCOW) / DAY)
export const textOfDay = (at: Instant) => new Date(at + MOSCOW).toISOString().slice(0, 10)

/** Rounded half up, once. */
export function share(kopecks: number, basisPoints: number, times = 10_000): number {
  const whole = 10_000_000_000n
  return Number((BigInt(kopecks) * BigInt(basisPoints) * BigInt(times) + whole / 2n) / whole)
}

export function givenBy(rules: readonly RuleSaid[], asked: Asked): Given[] {
  if (asked.paid <= 0) return []
  const ordered = rules.toSorted(
    (a, b) => (b.priority ?? 0) - (a.priority ?? 0) || a.id.localeCompare(b.id, 'en'),
  )
  const met = ordered.filter((rule) => isMet(rule, asked)).map((rule) => give(rule, asked))
  return met
    .map((one) => ({ ...one, possible: fitIn(one.points, asked.left(one.rule), one.rule, asked.budgets) }))
    .filter(({ possible }) => possible > 0)
    .filter((one, _index, all) => {
      const { stacking } = one.rule
      if (!stacking || stacking.how === 'add') return true
      const rivals = all.filter(({ rule }) => rule.stacking?.group === stacking.group)
      if (stacking.how === 'exclusive') return rivals[0] === one
      const most = Math.max(...rivals.map(({ possible }) => possible))
      return rivals.find(({ possible }) => possible === most) === one
    })
}

/** What of so many points the budget of a rule has, where so many are left in it. */
export function fitIn(
  points: number,
  left: number,
  { budget }: RuleSaid,
  budgets: readonly BudgetSaid[],
): number {
  if (points <= left) return points
  return budgets.find(({ id }) => id === budget)?.when_short === 'none' ? 0 : Math.max(0, left)
}

/** A name of the period of a budget in which something happens. */
export function periodAt({ period = 'total' }: BudgetSaid, at: Instant): string {
  const day = dayOf(at)
  const names = {
    total: 'ever',
    month: textOfDay(at).slice(0, 7),
    // The day 4 was a Monday.
    week: `week ${Math.floor((day - 4) / 7)}`,
    day: textOfDay(at),
  }
  return names[period]
}

/** A part of something, carried over to another whole, rounded down. */
export const floorOf = (part: number, of: number, whole: number) =>
  whole === 0 ? 0 : Number((BigInt(part) * BigInt(of)) / BigInt(whole))

const costOf = (goods: Item[]) => goods.reduce((total, { kopecks }) => total + kopecks, 0)

function goodsOf(
  { skus, categories }: { skus?: string[] | undefined; categories?: string[] | undefined },
  { items }: Asked,
): Item[] {
  return (items ?? []).filter(
    ({ sku, category = '' }) => (skus?.includes(sku) ?? true) && (categories?.includes(category) ?? true),
  )
}

function give(rule: RuleSaid, asked: Asked): Given {
  const { at, paid, cashback, kopecks } = asked
  const { award, cap_points: cap = Number.POSITIVE_INFINITY } = rule
  const of = award.type === 'points' ? null : award.type === 'percent' ? award.basis_points : cashback
  const times = award.type === 'multiply' ? award.times_basis_points : 10_000
  const fixed = award.type === 'points' ? award.points : 0
  const least = (rule.when ?? []).map((when) => {
    if (when.type === 'min_purchase') return when.kopecks
    if (when.type !== 'items' || !when.min_kopecks) return 0
    return Math.ceil((when.min_kopecks * paid) / costOf(goodsOf(when, asked)))
  })
  const isOfGoods = award.type === 'percent' && award.of === 'matching_items'
  const goods = (rule.when ?? []).flatMap((when) => (when.type === 'items' ? goodsOf(when, asked) : []))
  const money = isOfGoods ? floorOf(costOf([...new Set(goods)]), paid, kopecks) : paid
  return {
    ...{ rule, share: of, times, cap, of: money, paid, minKopecks: Math.max(0, ...least) },
    points: Math.min(cap, of === null ? fixed : share(money, of, times)),
    periods: [...(rule.uses?.total ? ['total'] : []), ...(rule.uses?.per_day ? [textOfDay(at)] : [])],
  }
}

function isMet(
  { id, when = [], uses, audience, holdout_percent: held, campaign = id }: RuleSaid,
  asked: Asked,
): boolean {
  if (audience !== undefined && !isIn(audience, asked)) return false
  if (held !== undefined && isHeldOut(asked.card, { of: campaign, percent: held })) return false
  if (uses?.total && asked.used(id, 'total') >= uses.total) return false
  if (uses?.per_day && asked.used(id, textOfDay(asked.at)) >= uses.per_day) return false
  return when.every((condition) => isTrue(condition, asked))
}

function isTrue(condition: NonNullable<RuleSaid['when']>[number], asked: Asked): boolean {
  const today = dayOf(asked.at)
  const days = asked.before.map(dayOf).filter((day) => day <= today)
  const gap = days.length === 0 ? null : today - Math.max(...days)
  switch (condition.type) {
    case 'min_purchase':
      return asked.paid >= condition.kopecks
    case 'stores':
      return condition.ids.includes(asked.store)
    case 'hours': {
      const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
      const now = Math.floor((asked.at + MOSCOW - today * DAY) / 60_000)
      const [from, to] = [minutes(condition.from), minutes(condition.to)]
      const began = from > to && now < to ? today - 1 : today
      // The day 0 was a Thursday.
      const isOn = (condition.days ?? [1, 2, 3, 4, 5, 6, 7]).includes(((began + 3) % 7) + 1)
      return isOn && (from < to ? now >= from && now < to : now >= from || now < to)
    }
    case 'purchase_number':
      return condition.is ? asked.number === condition.is : asked.number % (condition.every ?? 1) === 0
    case 'first_of_day':
      return gap !== 0
    case 'days_since_last':
      return gap !== null && gap >= (condition.min ?? 0) && gap <= (condition.max ?? gap)
    case 'registered_within':
      return today - dayOf(asked.registeredAt) <= condition.days
    case 'status':
      return asked.status !== null && condition.names.includes(asked.status)
    case 'items': {
      const goods = goodsOf(condition, asked)
      const pieces = goods.reduce((total, { quantity }) => total + quantity, 0)
      const isEnough =
        pieces >= (condition.min_quantity ?? 0) && costOf(goods) >= (condition.min_kopecks ?? 0)
      return goods.length > 0 && isEnough
    }
    case 'segment': {
      const { in: some, not_in: none = [] } = condition
      return (!some || some.some((name) => isIn(name, asked))) && !none.some((name) => isIn(name, asked))
    }
  }
}

const isIn = (name: string, { segments }: Asked) => name === 'all' || segments.includes(name)
