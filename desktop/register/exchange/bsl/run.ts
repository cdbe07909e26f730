import { BslError } from './lex.ts'
import { checkNames, ERROR_INFO } from './names.ts'
import type { Expression, Method, Module, Statement } from './syntax.ts'

export type Value = string | number | boolean | undefined | BslObject

/** An object of the platform, or a structure: fields and methods by name, in lower case. */
export interface BslObject {
  typeName: string
  get?(name: string): Value
  methods: Record<string, (...given: Value[]) => Value | Promise<Value>>
}

/** What a module finds around it. Names are in lower case; what is not among them is an error. */
export interface Surroundings {
  functions: Record<string, (...given: Value[]) => Value | Promise<Value>>
  types: Record<string, (...given: Value[]) => Value | Promise<Value>>
  values: Record<string, Value>
  /** As the platform writes a value into a text. */
  textOf(value: Value): string
}

interface Frame {
  variables: Map<string, Value>
  /** What `Исключение` is about, the innermost last. */
  caught: BslError[]
}

/** What ends a statement before its end. */
type Leaving = { kind: 'return'; value: Value } | { kind: 'break' } | { kind: 'continue' }

/** For which places a module was found good. What a place offers is the same for every till. */
const compiled = new WeakMap<Module, Set<string>>()

/**
 * The module where it is compiled for `place`, ready to be called: `#Если` is decided and every name is looked up before
 * anything runs, as 1C does.
 */
export function link(module: Module, surroundings: Surroundings, place: string) {
  const places = compiled.get(module) ?? new Set()
  if (!places.has(place))
    for (const method of module.methods.values()) checkNames(method, { module, surroundings, place })
  compiled.set(module, places.add(place))

  function* call(method: Method, given: Value[], line: number): Work<Value> {
    if (given.length > method.parameters.length)
      throw new BslError(`слишком много параметров у ${method.name}`, line)
    const frame: Frame = { variables: new Map(), caught: [] }
    for (const [index, { name, otherwise }] of method.parameters.entries()) {
      const value = given[index]
      if (value === undefined && index >= given.length && otherwise === null)
        throw new BslError(`не задан параметр ${name} у ${method.name}`, line)
      frame.variables.set(
        name.toLowerCase(),
        value === undefined && otherwise !== null ? yield* evaluate(otherwise, frame) : value,
      )
    }
    const left = yield* run(method.body, frame)
    return left?.kind === 'return' ? left.value : undefined
  }

  function* run(body: Statement[], frame: Frame): Work<Leaving | null> {
    for (const statement of body) {
      const left = yield* step(statement, frame)
      if (left) return left
    }
    return null
  }

  function* step(statement: Statement, frame: Frame): Work<Leaving | null> {
    switch (statement.kind) {
      case 'do':
        yield* evaluate(statement.call, frame)
        return null
      case 'assign':
        frame.variables.set(statement.name.toLowerCase(), yield* evaluate(statement.value, frame))
        return null
      case 'if': {
        for (const { condition, body } of statement.branches)
          if (yield* isTrue(condition, frame)) return yield* run(body, frame)
        return yield* run(statement.otherwise, frame)
      }
      case 'while':
        while (yield* isTrue(statement.condition, frame)) {
          const left = yield* run(statement.body, frame)
          if (left?.kind === 'return') return left
          if (left?.kind === 'break') break
        }
        return null
      case 'count':
        return yield* countUp(statement, frame)
      case 'try':
        return yield* attempt(statement, frame)
      case 'return':
        return {
          kind: 'return',
          value: statement.value ? yield* evaluate(statement.value, frame) : undefined,
        }
      case 'raise':
        throw yield* raised(statement, frame)
      case 'where':
        return yield* run(statement.places.includes(place) ? statement.body : statement.otherwise, frame)
      default:
        return { kind: statement.kind }
    }
  }

  function* countUp(statement: Extract<Statement, { kind: 'count' }>, frame: Frame) {
    const last = numberOf(yield* evaluate(statement.to, frame), statement.line)
    const first = numberOf(yield* evaluate(statement.from, frame), statement.line)
    for (let count = first; count <= last; count += 1) {
      frame.variables.set(statement.name.toLowerCase(), count)
      const left = yield* run(statement.body, frame)
      if (left?.kind === 'return') return left
      if (left?.kind === 'break') break
    }
    return null
  }

  function* attempt(statement: Extract<Statement, { kind: 'try' }>, frame: Frame) {
    try {
      return yield* run(statement.body, frame)
    } catch (error) {
      if (!(error instanceof BslError)) throw error
      frame.caught.push(error)
      try {
        return yield* run(statement.otherwise, frame)
      } finally {
        frame.caught.pop()
      }
    }
  }

  function* raised(statement: Extract<Statement, { kind: 'raise' }>, frame: Frame): Work<BslError> {
    if (statement.value)
      return new BslError(surroundings.textOf(yield* evaluate(statement.value, frame)), statement.line)
    const last = frame.caught.at(-1)
    return last ?? new BslError('ВызватьИсключение без параметра вне Исключение', statement.line)
  }

  function* isTrue(condition: Expression, frame: Frame): Work<boolean> {
    const value = yield* evaluate(condition, frame)
    if (typeof value !== 'boolean') throw new BslError('значение не булево', condition.line)
    return value
  }

  function* evaluate(expression: Expression, frame: Frame): Work<Value> {
    if (expression.kind === 'value') return expression.value
    if (expression.kind !== 'variable') return yield* workOut(expression, frame)
    const name = expression.name.toLowerCase()
    if (frame.variables.has(name)) return frame.variables.get(name)
    if (name in surroundings.values) return surroundings.values[name]
    throw new BslError(`переменная ${expression.name} ещё не получила значения`, expression.line)
  }

  function* workOut(
    expression: Exclude<Expression, { kind: 'value' | 'variable' }>,
    frame: Frame,
  ): Work<Value> {
    switch (expression.kind) {
      case 'field': {
        const of = objectOf(yield* evaluate(expression.of, frame), expression.line)
        return yield* guarded(expression.line, () => {
          if (!of.get) throw new Error(`у ${of.typeName} нет полей`)
          return of.get(expression.name)
        })
      }
      case 'choice':
        return yield* evaluate(
          (yield* isTrue(expression.condition, frame)) ? expression.yes : expression.no,
          frame,
        )
      case 'not':
        return !(yield* isTrue(expression.of, frame))
      case 'minus':
        return -numberOf(yield* evaluate(expression.of, frame), expression.line)
      case 'binary':
        return yield* binary(expression, frame)
      case 'new': {
        const make = surroundings.types[expression.name.toLowerCase()]
        const given = yield* all(expression.given, frame)
        return yield* guarded(expression.line, () => make?.(...given))
      }
      case 'call':
        return yield* callOf(expression, frame)
    }
  }

  function* callOf(expression: Extract<Expression, { kind: 'call' }>, frame: Frame): Work<Value> {
    const { name, line } = expression
    if (expression.of) {
      const of = objectOf(yield* evaluate(expression.of, frame), line)
      const method = of.methods[name.toLowerCase()]
      if (!method) throw new BslError(`у ${of.typeName} нет метода ${name}`, line)
      const given = yield* all(expression.given, frame)
      return yield* guarded(line, () => method(...given))
    }
    const given = yield* all(expression.given, frame)
    const own = module.methods.get(name.toLowerCase())
    if (own) return yield* call(own, given, line)
    if (name.toLowerCase() === ERROR_INFO) return errorInfo(frame.caught.at(-1))
    return yield* guarded(line, () => surroundings.functions[name.toLowerCase()]?.(...given))
  }

  function* all(given: (Expression | null)[], frame: Frame): Work<Value[]> {
    const values: Value[] = []
    for (const each of given) values.push(each ? yield* evaluate(each, frame) : undefined)
    return values
  }

  function* binary({ sign, left, right, line }: Extract<Expression, { kind: 'binary' }>, frame: Frame) {
    if (sign === 'И') return (yield* isTrue(left, frame)) && (yield* isTrue(right, frame))
    if (sign === 'Или') return (yield* isTrue(left, frame)) || (yield* isTrue(right, frame))
    const one = yield* evaluate(left, frame)
    const other = yield* evaluate(right, frame)
    if (sign === '=') return one === other
    if (sign === '<>') return one !== other
    if (sign === '+' && typeof one === 'string') return one + surroundings.textOf(other)
    return reckon(sign, numberOf(one, line), numberOf(other, line), line)
  }

  return {
    /** Calls what the module exports. */
    async call(name: string, ...given: Value[]): Promise<Value> {
      const method = module.methods.get(name.toLowerCase())
      if (!method?.isExported) throw new BslError(`${name} не экспортируется`, method?.line ?? 0)
      return await finish(call(method, given, method.line))
    },
  }
}

function reckon(sign: string, one: number, other: number, line: number): Value {
  switch (sign) {
    case '+':
      return one + other
    case '-':
      return one - other
    case '*':
      return one * other
    case '/':
      if (other === 0) throw new BslError('деление на ноль', line)
      return one / other
    case '<':
      return one < other
    case '>':
      return one > other
    case '<=':
      return one <= other
    default:
      return one >= other
  }
}

function numberOf(value: Value, line: number): number {
  if (typeof value !== 'number') throw new BslError('значение не число', line)
  return value
}

function objectOf(value: Value, line: number): BslObject {
  if (typeof value !== 'object') throw new BslError('значение не объект', line)
  return value
}

function errorInfo(error: BslError | undefined): BslObject {
  return { typeName: 'ИнформацияОбОшибке', methods: {}, get: () => error?.message ?? '' }
}

/** What runs through at once, but for where the platform takes its time. */
type Work<Result> = Generator<Promise<Value>, Result, Value>

async function finish<Result>(work: Work<Result>): Promise<Result> {
  let next = work.next()
  while (!next.done)
    next = await next.value.then(
      (answer) => work.next(answer),
      (error) => work.throw(error),
    )
  return next.value
}

/** What fails in the platform is an exception of the module. A programming error of ours is not. */
function* guarded(line: number, work: () => Value | Promise<Value>): Work<Value> {
  try {
    const value = work()
    return value instanceof Promise ? yield value : value
  } catch (error) {
    if (error instanceof BslError || error instanceof TypeError || error instanceof ReferenceError)
      throw error
    throw new BslError(error instanceof Error ? error.message : String(error), line, { cause: error })
  }
}
