import { BslError, lex, type Token } from './lex.ts'
import type { Expression, Method, Module, Statement } from './syntax.ts'

const KEYWORDS = new Set(
  `Если Тогда ИначеЕсли Иначе КонецЕсли Попытка Исключение КонецПопытки Процедура КонецПроцедуры Функция КонецФункции
  Возврат ВызватьИсключение Новый Не И Или Экспорт Знач Для По Пока Цикл КонецЦикла Прервать Продолжить Перем Каждого Из
  Перейти Истина Ложь Неопределено`
    .split(/\s+/)
    .map((word) => word.toLowerCase()),
)
const CONSTANTS = new Map<string, boolean | undefined>([
  ['истина', true],
  ['ложь', false],
  ['неопределено', undefined],
])
const COMPARISONS = ['=', '<>', '<', '>', '<=', '>=']

/** Reads a whole module. What it does not know is an error with its line. */
export function parse(text: string): Module {
  const tokens = lex(text)
  let at = 0

  const peek = (): Token | undefined => tokens[at]
  const line = () => peek()?.line ?? tokens.at(-1)?.line ?? 1
  const isWord = (word: string) => {
    const token = peek()
    return (
      token !== undefined &&
      (token.kind === 'sign' ? token.text === word : token.kind === 'name' && same(token.text, word))
    )
  }
  const fail = (wanted: string): never => {
    throw new BslError(`ожидается ${wanted}, а не ${peek()?.text ?? 'конец модуля'}`, line())
  }
  const may = (word: string) => {
    const isThere = isWord(word)
    if (isThere) at += 1
    return isThere
  }
  const must = (word: string) => may(word) || fail(word)

  function name(): string {
    const token = peek()
    if (token?.kind !== 'name' || KEYWORDS.has(token.text.toLowerCase())) return fail('имя')
    at += 1
    return token.text
  }

  function member(): string {
    const token = peek()
    if (token?.kind !== 'name') return fail('имя')
    at += 1
    return token.text
  }

  function method(): Method {
    const begins = line()
    const returnsValue = !may('Процедура')
    if (returnsValue) must('Функция')
    const method = { name: name(), returnsValue, line: begins }
    must('(')
    const parameters: Method['parameters'] = []
    if (!isWord(')'))
      do {
        may('Знач')
        parameters.push({ name: name(), otherwise: may('=') ? expression() : null })
      } while (may(','))
    must(')')
    const isExported = may('Экспорт')
    const body = statements(returnsValue ? 'КонецФункции' : 'КонецПроцедуры')
    at += 1
    return { ...method, parameters, isExported, body }
  }

  /** Up to one of these words, which stays. */
  function statements(...ends: string[]): Statement[] {
    const body: Statement[] = []
    while (!ends.some(isWord) && !isDirective('#Иначе') && !isDirective('#КонецЕсли')) {
      if (peek() === undefined) fail(ends.join(' или '))
      if (may(';')) continue
      const next = statement()
      body.push(next)
      const isOver = ends.some(isWord) || peek()?.kind === 'directive' || next.kind === 'where'
      if (!isOver) must(';')
    }
    if (ends.length > 0 && !ends.some(isWord)) fail(ends.join(' или '))
    return body
  }

  const isDirective = (text: string) => peek()?.kind === 'directive' && peek()?.text === text

  function statement(): Statement {
    const at = { line: line() }
    if (peek()?.kind === 'directive') return { ...at, ...where() }
    if (may('Если')) return { ...at, ...ifs() }
    if (may('Пока')) {
      const condition = expression()
      return { ...at, kind: 'while', condition, body: loop() }
    }
    if (may('Для')) {
      const counted = name()
      must('=')
      const from = expression()
      must('По')
      const to = expression()
      return { ...at, kind: 'count', name: counted, from, to, body: loop() }
    }
    if (may('Попытка')) {
      const body = statements('Исключение')
      must('Исключение')
      const otherwise = statements('КонецПопытки')
      must('КонецПопытки')
      return { ...at, kind: 'try', body, otherwise }
    }
    if (may('Возврат')) return { ...at, kind: 'return', value: isWord(';') ? null : expression() }
    if (may('ВызватьИсключение')) return { ...at, kind: 'raise', value: isWord(';') ? null : expression() }
    if (may('Прервать')) return { ...at, kind: 'break' }
    if (may('Продолжить')) return { ...at, kind: 'continue' }
    const target = postfix()
    if (target.kind === 'variable' && may('='))
      return { ...at, kind: 'assign', name: target.name, value: expression() }
    if (target.kind !== 'call') return fail('вызов или присваивание')
    return { ...at, kind: 'do', call: target }
  }

  function loop(): Statement[] {
    must('Цикл')
    const body = statements('КонецЦикла')
    must('КонецЦикла')
    return body
  }

  function ifs() {
    const ends = ['ИначеЕсли', 'Иначе', 'КонецЕсли']
    const branches: { condition: Expression; body: Statement[] }[] = []
    do {
      const condition = expression()
      must('Тогда')
      branches.push({ condition, body: statements(...ends) })
    } while (may('ИначеЕсли'))
    const otherwise = may('Иначе') ? statements('КонецЕсли') : []
    must('КонецЕсли')
    return { kind: 'if', branches, otherwise } as const
  }

  /** `#Если Сервер Или … Тогда`, with `#Иначе` or without. */
  function where() {
    const condition = /^#Если (?<places>[\p{L}]+(?: Или [\p{L}]+)*) Тогда$/u.exec(peek()?.text ?? '')?.groups
    if (!condition?.places) return fail('#Если … Тогда')
    at += 1
    const body = statements()
    let otherwise: Statement[] = []
    if (isDirective('#Иначе')) {
      at += 1
      otherwise = statements()
    }
    if (!isDirective('#КонецЕсли')) fail('#КонецЕсли')
    at += 1
    return { kind: 'where', places: condition.places.split(' Или '), body, otherwise } as const
  }

  function expression(): Expression {
    return chain(['Или'], () => chain(['И'], negation))
  }

  function negation(): Expression {
    const at = line()
    return may('Не') ? { kind: 'not', of: negation(), line: at } : comparison()
  }

  const comparison = () => chain(COMPARISONS, () => chain(['+', '-'], () => chain(['*', '/'], unary)))

  function chain(signs: string[], operand: () => Expression): Expression {
    let left = operand()
    for (;;) {
      const at = line()
      const sign = signs.find(may)
      if (sign === undefined) return left
      left = { kind: 'binary', sign, left, right: operand(), line: at }
    }
  }

  function unary(): Expression {
    const at = line()
    return may('-') ? { kind: 'minus', of: unary(), line: at } : postfix()
  }

  function postfix(): Expression {
    let of = primary()
    while (may('.')) {
      const at = { line: line(), of, name: member() }
      of = isWord('(') ? { ...at, kind: 'call', given: given() } : { ...at, kind: 'field' }
    }
    return of
  }

  function primary(): Expression {
    const at = { line: line() }
    const token = peek()
    if (token?.kind === 'string' || token?.kind === 'number')
      return { ...at, kind: 'value', value: literal() }
    if (may('(')) {
      const inside = expression()
      must(')')
      return inside
    }
    if (may('?')) {
      const [condition, yes, no, ...others] = given()
      if (!condition || !yes || !no || others.length > 0) return fail('?(условие, да, нет)')
      return { ...at, kind: 'choice', condition, yes, no }
    }
    if (may('Новый')) return { ...at, kind: 'new', name: name(), given: isWord('(') ? given() : [] }
    const constant = token?.kind === 'name' ? token.text.toLowerCase() : ''
    if (CONSTANTS.has(constant)) {
      at.line = line()
      may(token?.text ?? '')
      return { ...at, kind: 'value', value: CONSTANTS.get(constant) }
    }
    const called = name()
    return isWord('(')
      ? { ...at, kind: 'call', of: null, name: called, given: given() }
      : { ...at, kind: 'variable', name: called }
  }

  function literal(): string | number {
    const token = peek()
    at += 1
    return token?.kind === 'number' ? Number(token.text) : (token?.text ?? '')
  }

  function given(): (Expression | null)[] {
    must('(')
    if (may(')')) return []
    const all: (Expression | null)[] = []
    do all.push(isWord(',') || isWord(')') ? null : expression())
    while (may(','))
    must(')')
    return all
  }

  const methods = new Map<string, Method>()
  while (peek() !== undefined) {
    const next = method()
    if (methods.has(next.name.toLowerCase())) throw new BslError(`${next.name} определена дважды`, next.line)
    methods.set(next.name.toLowerCase(), next)
  }
  return { methods }
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
