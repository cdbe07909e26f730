export interface Token {
  kind: 'name' | 'number' | 'string' | 'sign' | 'directive'
  text: string
  line: number
}

/** What 1C says of a module or of a call in it: with the line, as there. */
export class BslError extends Error {
  readonly line: number

  constructor(message: string, line: number, options?: ErrorOptions) {
    super(`${message} (строка ${line})`, options)
    this.line = line
  }
}

const PIECE =
  /(?<line>\r?\n)|(?<nothing>[ \t]+|\/\/[^\n]*)|(?<directive>#[^\n]*)|"(?<string>(?:[^"\n]|"")*)"|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<number>\d+(?:\.\d+)?)|(?<sign><>|<=|>=|[=<>+\-*/(),.;?])/uy

/** The words of a module; whatever is no word of the language as we know it is an error. */
export function lex(text: string): Token[] {
  const tokens: Token[] = []
  let line = 1
  for (let at = 0; at < text.length; at = PIECE.lastIndex) {
    PIECE.lastIndex = at
    const found = PIECE.exec(text)?.groups
    if (!found) throw new BslError(`неизвестный символ ${JSON.stringify(text.slice(at, at + 10))}`, line)
    const add = (kind: Token['kind'], text: string) => tokens.push({ kind, text, line })
    if (found.line !== undefined) line += 1
    else if (found.directive !== undefined) add('directive', found.directive.trim())
    else if (found.string !== undefined) add('string', found.string.replaceAll('""', '"'))
    else if (found.name !== undefined) add('name', found.name)
    else if (found.number !== undefined) add('number', found.number)
    else if (found.sign !== undefined) add('sign', found.sign)
  }
  return tokens
}
