export interface ErrorDetails {
  code: string
  message: string
}

/** Why something was not answered or not done; `status` is 0 where there was no answer at all. */
export class Problem extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, message: string = code) {
    super(message)
    this.code = code
    this.status = status
  }

  /** Nobody can know whether it was done; the same may be asked again, with the same key. */
  get isOpen(): boolean {
    return this.status === 0 || this.status >= 500
  }

  get isSignedOut(): boolean {
    return this.status === 401
  }
}

export const problemOf = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem('page_fault', 400, String(error))
