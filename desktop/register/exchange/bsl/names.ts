import { BslError } from './lex.ts'
import type { Surroundings } from './run.ts'
import type { Expression, Method, Module, Statement } from './syntax.ts'

interface Around {
  module: Module
  surroundings: Surroundings
  place: string
}

type Node = Statement | Expression

/** Every name of a method is known: other methods, what the platform offers, and variables that are set somewhere in it. */
export function checkNames(method: Method, { module, surroundings, place }: Around): void {
  const set = new Set(method.parameters.map(({ name }) => name.toLowerCase()))
  const variables: { name: string; line: number }[] = []
  /** Calls whose answer is not asked for. */
  const bare = new Set<Expression>()

  visit([method.parameters, method.body], (node) => {
    const { line } = node
    switch (node.kind) {
      case 'do':
        bare.add(node.call)
        break
      case 'assign':
      case 'count':
        set.add(node.name.toLowerCase())
        break
      case 'variable':
        variables.push(node)
        break
      case 'new':
        if (!(node.name.toLowerCase() in surroundings.types))
          throw new BslError(`тип ${node.name} не определён`, line)
        break
      case 'call':
        if (node.of === null) checkCalled(node.name, line, bare.has(node))
        break
      case 'return':
        if (node.value !== null && !method.returnsValue)
          throw new BslError(`процедура ${method.name} не возвращает значения`, line)
        break
      default:
    }
  })
  for (const { name, line } of variables)
    if (!set.has(name.toLowerCase()) && !(name.toLowerCase() in surroundings.values))
      throw new BslError(`переменная ${name} не определена`, line)

  function visit(value: unknown, see: (node: Node) => void): void {
    if (typeof value !== 'object' || value === null) return
    if ('kind' in value) {
      const node = value as Node
      if (node.kind === 'where') {
        visit(node.places.includes(place) ? node.body : node.otherwise, see)
        return
      }
      see(node)
    }
    for (const part of Object.values(value)) visit(part, see)
  }

  function checkCalled(called: string, line: number, isBare: boolean): void {
    const name = called.toLowerCase()
    const own = module.methods.get(name)
    if (own && !own.returnsValue && !isBare)
      throw new BslError(`процедура ${called} использована как функция`, line)
    if (!own && name !== ERROR_INFO && !(name in surroundings.functions))
      throw new BslError(`процедура или функция ${called} не определена`, line)
  }
}

/** Known to whoever runs the module, since it is about what was caught just there. */
export const ERROR_INFO = 'информацияобошибке'
