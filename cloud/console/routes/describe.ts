import { commonProblems, problem } from '../../http/describe.ts'

/** Pieces of the descriptions of the routes of the console. */
export const ofStaff = { security: [{ staff: [] }] }
export const staffProblems = {
  ...commonProblems,
  401: problem('signed_out: nobody is signed in, or the session has ended.'),
  403: problem(
    'second_factor_missing: the account has one to set up. foreign_form: no X-Csrf-Token, or that of another session. ' +
      'not_allowed: it is for other roles.',
  ),
}
export const notInSight = {
  404: problem('out_of_sight: there is no such thing in the programmes and stores that the account may see.'),
}
