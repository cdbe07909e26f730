// A module of 1C's language as a tree: as much of the language as our module uses.

export interface Module {
  /** By name, in lower case: 1C makes no difference. */
  methods: Map<string, Method>
}

export interface Method {
  name: string
  returnsValue: boolean
  isExported: boolean
  parameters: { name: string; otherwise: Expression | null }[]
  body: Statement[]
  line: number
}

export type Statement = { line: number } & (
  | { kind: 'do'; call: Expression }
  | { kind: 'assign'; name: string; value: Expression }
  | { kind: 'if'; branches: { condition: Expression; body: Statement[] }[]; otherwise: Statement[] }
  | { kind: 'while'; condition: Expression; body: Statement[] }
  | { kind: 'count'; name: string; from: Expression; to: Expression; body: Statement[] }
  | { kind: 'try'; body: Statement[]; otherwise: Statement[] }
  | { kind: 'return'; value: Expression | null }
  | { kind: 'raise'; value: Expression | null }
  | { kind: 'break' }
  | { kind: 'continue' }
  /** `#Если`: which of them is there is decided where the module is compiled. */
  | { kind: 'where'; places: string[]; body: Statement[]; otherwise: Statement[] }
)

export type Expression = { line: number } & (
  | { kind: 'value'; value: string | number | boolean | undefined }
  | { kind: 'variable'; name: string }
  | { kind: 'field'; of: Expression; name: string }
  | { kind: 'call'; of: Expression | null; name: string; given: (Expression | null)[] }
  | { kind: 'new'; name: string; given: (Expression | null)[] }
  | { kind: 'choice'; condition: Expression; yes: Expression; no: Expression }
  | { kind: 'not' | 'minus'; of: Expression }
  | { kind: 'binary'; sign: string; left: Expression; right: Expression }
)
