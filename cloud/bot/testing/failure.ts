/** An answer of the Bot API that is not `ok`. */
export class BotApiFailure extends Error {
  readonly status: number
  readonly retryAfter: number | undefined

  constructor(status: number, description: string, retryAfter?: number) {
    super(description)
    this.status = status
    this.retryAfter = retryAfter
  }
}

export const badRequest = (what: string) => new BotApiFailure(400, `Bad Request: ${what}`)
