import { describe, expect, it } from 'vitest'
import type {
  CommandRefusal,
  Failure,
  FailureCode,
  NotFoundReason,
  ParkedOperation,
  Success,
} from '../../shared/bridge.ts'
import { lastDayOf } from '../../shared/lastDay.ts'
import { proofProblems } from '../../shared/signedCode.ts'
import type { UpdateProblem } from '../../shared/update.ts'
import { voucherProblems } from '../../shared/voucherCode.ts'
import { missOf, reasonOf, sentenceOfVoucher, sentencesOf, sentencesOfRefusal } from './failure.ts'
import { english, russian, type Texts } from './texts.ts'
import { titleOfSuccess } from './titles.ts'
import { lineOf } from './ui/cloudLine.ts'
import { updateSentence } from './update.ts'

const languages: [string, Texts][] = [
  ['Russian', russian],
  ['English', english],
]
const kinds = ['earn', 'redeem', 'refund'] as const
const fates = ['untouched', 'returned', 'held'] as const

const failureOf = (change: Partial<Failure>): Failure => ({
  type: 'error',
  kind: 'redeem',
  operationId: 'op',
  purchaseKopecks: 123_456,
  points: 246,
  code: 'failed',
  details: {},
  fate: 'returned',
  ...change,
})

const parkedBy = (code: string): ParkedOperation => ({
  ...{ id: 'op', kind: 'earn', at: 0, card: null, firstName: null, purchaseKopecks: null, points: null },
  ...{ code, message: '', details: {} },
})
const cloud = { line: 'online', since: 0, queued: 2, oldestAt: 0 } as const

/** A whole thought: begun with a capital or a number, ended once, with nothing left out. */
const SENTENCE = /^[\p{Lu}\d][^.!?]*\.$/u
const TITLE = /^[\p{Lu}\d][^.!?]*$/u
const GAP = /undefined|null|NaN|\[object/

/** A file name or an amount has dots that end nothing. */
const withoutNames = (text: string) => text.replace(/\w+\.(json|txt)/g, 'file').replace(/\d\.\d/g, '0')

describe.each(languages)('in %s', (_language, texts) => {
  const codes = Object.keys(texts.failures) as FailureCode[]
  const cases = codes.flatMap((code) =>
    fates.flatMap((fate) => kinds.map((kind) => [code, fate, kind] as const)),
  )

  it.each(cases)('%s, points %s, of %s: three sentences', (code, fate, kind) => {
    const { what, points, next } = sentencesOf(failureOf({ code, fate, kind }), texts)
    expect(what).toMatch(TITLE)
    expect(points).toMatch(SENTENCE)
    expect(withoutNames(next)).toMatch(SENTENCE)
    expect(`${what} ${points} ${next}`).not.toMatch(GAP)
  })

  it('a failure tells the numbers that came with it', () => {
    const short = sentencesOf(
      failureOf({ code: 'insufficient_points', details: { available: 120, requested: 246 } }),
      texts,
    )
    expect(short.what).toContain('120')
    const range = failureOf({
      code: 'amount_out_of_range',
      details: { minKopecks: 1, maxKopecks: 100_000_000 },
    })
    expect(sentencesOf(range, texts).next).toMatch(/0[.,]01/)
    const full = failureOf({
      code: 'amount_out_of_range',
      details: { balance: 1_000_000_000, maxBalance: 1_000_000_000 },
    })
    expect(sentencesOf(full, texts).what).not.toBe(sentencesOf(range, texts).what)
    expect(sentencesOf(full, texts).next).toMatch(/1\D000\D000\D000/)
    const word = failureOf({ code: 'refused_by_1c', details: { error: 'чек уже закрыт' } })
    expect(sentencesOf(word, texts).what).toContain('чек уже закрыт')
  })

  it('a reason that is new here is told in the words of the cloud, with what became of the points', () => {
    for (const kind of kinds) {
      const failure = failureOf({
        code: 'owner_must_confirm',
        message: 'Ask the owner.',
        fate: 'untouched',
        kind,
      })
      const { what, points, next } = sentencesOf(failure, texts)
      expect(what).toMatch(TITLE)
      expect(what).toMatch(/: Ask the owner$/)
      expect(points).toBe(texts.fates.untouched[kind](246))
      expect(next).toMatch(SENTENCE)
    }
  })

  it.each(['constructor', '__proto__', 'toString', 'tomorrow'])('the word %s breaks nothing', (word) => {
    const told = [
      sentencesOf(failureOf({ code: word }), texts).what,
      sentencesOfRefusal(word as CommandRefusal, texts).what,
      reasonOf({ ...parkedBy(word), message: 'No.' }, texts),
      reasonOf({ ...parkedBy(word), message: '' }, texts),
      missOf({ code: '654 321', reason: word as NotFoundReason, message: 'The card was replaced.' }, texts),
      updateSentence({ state: word as 'none', version: null, percent: null, problem: null }, texts),
      updateSentence({ state: 'failed', version: '2', percent: null, problem: word as 'away' }, texts),
      lineOf({ cloud: { ...cloud, line: word as 'online' }, parked: [] }, texts, 0).text,
    ]
    for (const text of told) {
      expect(text).toMatch(/^\p{Lu}/u)
      expect(text).not.toMatch(GAP)
      expect(text).not.toMatch(/function|=>/)
    }
  })

  it('each problem with a code has sentences of its own', () => {
    const told = proofProblems.map((reason) => {
      const { what, points, next } = sentencesOf(
        failureOf({ code: 'proof_refused', fate: 'untouched', details: { reason } }),
        texts,
      )
      expect(what).toMatch(TITLE)
      expect(next).toMatch(SENTENCE)
      expect(points).toBe(texts.fates.untouched.redeem(246))
      return what + next
    })
    expect(new Set(told).size).toBe(proofProblems.length)
  })

  it('each problem with a voucher is told in whole sentences, and none like another', () => {
    const told = [...voucherProblems, 'cloud_away', 'unreadable', 'amount_not_of_1c', 'tomorrow'].map(
      (reason) => sentenceOfVoucher(reason, { minKopecks: 500_000 }, texts),
    )
    for (const sentences of told) {
      for (const sentence of sentences.split(/(?<=\.) /)) expect(withoutNames(sentence)).toMatch(SENTENCE)
      expect(sentences).not.toMatch(GAP)
    }
    expect(new Set(told).size).toBe(told.length)
    expect(sentenceOfVoucher('below_min_purchase', { minKopecks: 500_000 }, texts)).toMatch(/5\D000/)
  })

  it('a failure of a sale with a voucher tells what became of it, with points and without', () => {
    const voucher = { title: 'Купон', kopecks: 20_000, discountRubles: 200 }
    for (const fate of fates) {
      const of = (points: number) => sentencesOf(failureOf({ fate, points, voucher }), texts).points
      for (const points of [0, 200]) {
        expect(of(points)).toMatch(SENTENCE)
        expect(of(points)).toMatch(/купон|voucher/i)
      }
      expect(of(0)).not.toContain('0')
    }
    // Of one that is refused nothing was taken.
    const refused = failureOf({ code: 'voucher_refused', fate: 'untouched', voucher })
    expect(sentencesOf(refused, texts).points).toBe(texts.fates.untouched.redeem(246))
  })

  it('each reason why nobody is found is one sentence', () => {
    for (const sentence of Object.values(texts.idle.notFound)) expect(sentence('123 456')).toMatch(SENTENCE)
  })

  it.each(Object.keys(texts.refusals) as CommandRefusal[])('the refusal %s: three sentences', (code) => {
    const { what, points, next } = sentencesOfRefusal(code, texts)
    for (const sentence of [what, points, next]) expect(sentence).toMatch(SENTENCE)
  })

  it('each reason why points cannot be spent is one sentence', () => {
    for (const reason of Object.values(texts.noRedemption)) expect(reason).toMatch(SENTENCE)
  })

  it('each state of an update is told in whole sentences', () => {
    const states = ['none', 'checking', 'downloading', 'ready', 'installing', 'failed'] as const
    const problems = [null, ...(Object.keys(texts.updateProblems) as UpdateProblem[])]
    const told = states.flatMap((state) =>
      problems.flatMap((problem) =>
        [null, '1.4.0'].map((version) => updateSentence({ state, version, percent: 42, problem }, texts)),
      ),
    )
    for (const sentence of told) {
      expect(sentence).not.toMatch(GAP)
      expect(sentence).toMatch(/^\p{Lu}.*(\.|…|%)$/u)
    }
  })

  it('each problem with the exchange folder is one sentence', () => {
    for (const problem of Object.values(texts.exchangeProblems))
      expect(withoutNames(problem)).toMatch(/^[\p{L}\d][^.!?]*[.?]$/u)
  })
})

/** Spaces that do not break, as ordinary ones. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('the word for points', () => {
  it.each([
    [1, '1 балл', '1 point'],
    [1044, '1 044 балла', '1 044 points'],
    [246, '246 баллов', '246 points'],
  ])('goes with %d in both languages', (count, inRussian, inEnglish) => {
    expect(plain(russian.points(count))).toBe(inRussian)
    expect(plain(english.points(count))).toBe(inEnglish)
  })
})

describe('an age', () => {
  const minute = 60_000
  it.each([
    [0, 'меньше минуты', 'under a minute'],
    [12 * minute, '12 мин', '12 min'],
    [190 * minute, '3 ч', '3 h'],
    [50 * 60 * minute, '2 дн', '2 d'],
  ])('of %d ms', (ms, inRussian, inEnglish) => {
    expect(russian.age(ms)).toBe(inRussian)
    expect(english.age(ms)).toBe(inEnglish)
  })
})

describe('the two languages', () => {
  it('have the same keys, down to the last', () => {
    expect(keysOf(english)).toEqual(keysOf(russian))
  })

  it('keep what an English reader sees free of Cyrillic', () => {
    const own = JSON.stringify(english, (key, value: unknown) => (key === 'languages' ? undefined : value))
    expect(own).not.toMatch(/\p{Script=Cyrillic}/u)
  })
})

function keysOf(texts: object, path = ''): string[] {
  return Object.entries(texts)
    .flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null ? keysOf(value, `${path}${key}.`) : [`${path}${key}`],
    )
    .sort()
}

describe('the title of what was earned', () => {
  const earned = { type: 'success', kind: 'earn', isQueued: false, spent: 0, earned: 1, repaid: 0 } as Success
  it('is the points where they are on the card, and the debt where it took all of them', () => {
    expect(plain(titleOfSuccess(earned, russian))).toBe('Начислен 1 балл')
    expect(plain(titleOfSuccess({ ...earned, repaid: 1 }, russian))).toBe('Погашен долг: 1 балл')
  })
})

describe('what a purchase brings', () => {
  const parts = [
    { title: null, points: 40 },
    { title: 'Счастливые часы', points: 25 },
  ]
  it('says by which rules, in one glance', () => {
    expect(plain(russian.ready.parts(parts, null))).toBe('40 + «Счастливые часы» 25')
    expect(plain(russian.ready.parts(parts, { rules: 3, points: 70 }))).toBe(
      '40 + «Счастливые часы» 25 + ещё 3 правила: 70',
    )
  })

  it('is so much at most where only the ledger knows', () => {
    expect(plain(russian.ready.earn(65, true))).toBe('Начислить 65')
    expect(plain(russian.ready.earn(65, false))).toBe('Начислить до 65')
    expect(plain(russian.ready.comesBack(21, false))).toBe('вернётся до 21 балла')
    expect(plain(russian.success.upTo(5))).toBe('до 5 баллов')
  })
})

describe('the title of what came back', () => {
  const whole = {
    type: 'success',
    kind: 'refund',
    isQueued: false,
    spent: 0,
    earned: -1,
    repaid: 0,
  } as Success
  it.each<[Partial<Success>, string]>([
    [{}, 'Покупка отменена'],
    [{ isQueued: true }, 'Отменим, когда появится связь'],
    [{ refundKopecks: 100 }, 'Часть покупки возвращена'],
    [{ refundKopecks: 100, isQueued: true }, 'Вернём, когда появится связь'],
  ])('says of %j: %s', (changes, title) => {
    expect(titleOfSuccess({ ...whole, ...changes }, russian)).toBe(title)
  })
})

describe('points that cannot be spent yet', () => {
  it('are said apart, with the day from which on they can', () => {
    const from = Date.parse('2026-12-14T12:00:00.000Z')
    expect(plain(russian.customer.waiting(40, from))).toBe('Ещё 40 баллов с 14 декабря')
    expect(plain(english.customer.waiting(1, from))).toBe('1 point more from 14 December')
  })
})

describe('points that die', () => {
  it('are said as everywhere: until which day they can be spent', () => {
    const lastDay = lastDayOf(Date.parse('2026-01-21T00:00:00.000Z'), 'Asia/Yekaterinburg')
    expect(plain(russian.customer.expires(250, lastDay))).toBe(
      '250 баллов можно потратить по 20 января включительно',
    )
  })
})
