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

  async function call(method: Method, given: Value[], line: number): Promise<Value> {
    if (given.length > method.parameters.length)
      throw new BslError(`слишком много параметров у ${method.name}`, line)
    const frame: Frame = { variables: new Map(), caught: [] }
    for (const [index, { name, otherwise }] of method.parameters.entries()) {
      const value = given[index]
      if (value === undefined && index >= given.length && otherwise === null)
        throw new BslError(`не задан параметр ${name} у ${method.name}`, line)
      frame.variables.set(
        name.toLowerCase(),
        value === undefined && otherwise !== null ? await evaluate(otherwise, frame) : value,
      )
    }
    const left = await run(method.body, frame)
    return left?.kind === 'return' ? left.value : undefined
  }

  async function run(body: Statement[], frame: Frame): Promise<Leaving | null> {
    for (const statement of body) {
      const left = await step(statement, frame)
      if (left) return left
    }
    return null
  }

  async function step(statement: Statement, frame: Frame): Promise<Leaving | null> {
    switch (statement.kind) {
      case 'do':
        await evaluate(statement.call, frame)
        return null
      case 'assign':
        frame.variables.set(statement.name.toLowerCase(), await evaluate(statement.value, frame))
        return null
      case 'if': {
        for (const { condition, body } of statement.branches)
          if (await isTrue(condition, frame)) return await run(body, frame)
        return await run(statement.otherwise, frame)
      }
      case 'while':
        while (await isTrue(statement.condition, frame)) {
          const left = await run(statement.body, frame)
          if (left?.kind === 'return') return left
          if (left?.kind === 'break') break
        }
        return null
      case 'count':
        return await countUp(statement, frame)
      case 'try':
        return await attempt(statement, frame)
      case 'return':
        return { kind: 'return', value: statement.value ? await evaluate(statement.value, frame) : undefined }
      case 'raise':
        throw await raised(statement, frame)
      case 'where':
        return await run(statement.places.includes(place) ? statement.body : statement.otherwise, frame)
      default:
        return { kind: statement.kind }
    }
  }

  async function countUp(statement: Extract<Statement, { kind: 'count' }>, frame: Frame) {
    const last = numberOf(await evaluate(statement.to, frame), statement.line)
    const first = numberOf(await evaluate(statement.from, frame), statement.line)
    for (let count = first; count <= last; count += 1) {
      frame.variables.set(statement.name.toLowerCase(), count)
      const left = await run(statement.body, frame)
      if (left?.kind === 'return') return left
      if (left?.kind === 'break') break
    }
    return null
  }

  async function attempt(statement: Extract<Statement, { kind: 'try' }>, frame: Frame) {
    try {
      return await run(statement.body, frame)
    } catch (error) {
      if (!(error instanceof BslError)) throw error
      frame.caught.push(error)
      try {
        return await run(statement.otherwise, frame)
      } finally {
        frame.caught.pop()
      }
    }
  }

  async function raised(statement: Extract<Statement, { kind: 'raise' }>, frame: Frame): Promise<BslError> {
    if (statement.value)
      return new BslError(surroundings.textOf(await evaluate(statement.value, frame)), statement.line)
    const last = frame.caught.at(-1)
    return last ?? new BslError('ВызватьИсключение без параметра вне Исключение', statement.line)
  }

  async function isTrue(condition: Expression, frame: Frame): Promise<boolean> {
    const value = await evaluate(condition, frame)
    if (typeof value !== 'boolean') throw new BslError('значение не булево', condition.line)
    return value
  }

  /** Most of what stands in a module is a word or a variable: for those nobody waits. */
  function evaluate(expression: Expression, frame: Frame): Value | Promise<Value> {
    if (expression.kind === 'value') return expression.value
    if (expression.kind !== 'variable') return workOut(expression, frame)
    const name = expression.name.toLowerCase()
    if (frame.variables.has(name)) return frame.variables.get(name)
    if (name in surroundings.values) return surroundings.values[name]
    throw new BslError(`переменная ${expression.name} ещё не получила значения`, expression.line)
  }

  async function workOut(
    expression: Exclude<Expression, { kind: 'value' | 'variable' }>,
    frame: Frame,
  ): Promise<Value> {
    switch (expression.kind) {
      case 'field': {
        const of = objectOf(await evaluate(expression.of, frame), expression.line)
        return guarded(expression.line, () => {
          if (!of.get) throw new Error(`у ${of.typeName} нет полей`)
          return of.get(expression.name)
        })
      }
      case 'choice':
        return await evaluate(
          (await isTrue(expression.condition, frame)) ? expression.yes : expression.no,
          frame,
        )
      case 'not':
        return !(await isTrue(expression.of, frame))
      case 'minus':
        return -numberOf(await evaluate(expression.of, frame), expression.line)
      case 'binary':
        return await binary(expression, frame)
      case 'new': {
        const make = surroundings.types[expression.name.toLowerCase()]
        const given = await all(expression.given, frame)
        return await guarded(expression.line, () => make?.(...given))
      }
      case 'call':
        return await callOf(expression, frame)
    }
  }

  async function callOf(expression: Extract<Expression, { kind: 'call' }>, frame: Frame): Promise<Value> {
    const { name, line } = expression
    if (expression.of) {
      const of = objectOf(await evaluate(expression.of, frame), line)
      const method = of.methods[name.toLowerCase()]
      if (!method) throw new BslError(`у ${of.typeName} нет метода ${name}`, line)
      const given = await all(expression.given, frame)
      return await guarded(line, () => method(...given))
    }
    const given = await all(expression.given, frame)
    const own = module.methods.get(name.toLowerCase())
    if (own) return await call(own, given, line)
    if (name.toLowerCase() === ERROR_INFO) return errorInfo(frame.caught.at(-1))
    return await guarded(line, () => surroundings.functions[name.toLowerCase()]?.(...given))
  }

  async function all(given: (Expression | null)[], frame: Frame): Promise<Value[]> {
    const values: Value[] = []
    for (const each of given) values.push(each ? await evaluate(each, frame) : undefined)
    return values
  }

  async function binary({ sign, left, right, line }: Extract<Expression, { kind: 'binary' }>, frame: Frame) {
    if (sign === 'И') return (await isTrue(left, frame)) && (await isTrue(right, frame))
    if (sign === 'Или') return (await isTrue(left, frame)) || (await isTrue(right, frame))
    const one = await evaluate(left, frame)
    const other = await evaluate(right, frame)
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
      return await call(method, given, method.line)
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

/** What fails in the platform is an exception of the module. A programming error of ours is not. */
async function guarded(line: number, work: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof BslError || error instanceof TypeError || error instanceof ReferenceError)
      throw error
    throw new BslError(error instanceof Error ? error.message : String(error), line, { cause: error })
  }
}
