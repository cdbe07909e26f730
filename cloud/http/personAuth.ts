import { createMiddleware } from 'hono/factory'
import { claimInitData } from '../access/people/appSessions.ts'
import { readInitData } from '../access/people/initData.ts'
import type { Doors, Env } from './context.ts'
import { ApiFailure } from './errors.ts'
import { pay } from './pay.ts'
import { turnAway } from './strangers.ts'

const LONGEST_SESSION = 200

const refusals = {
  init_data_missing: 'Authorization must be tma and the init data that Telegram gave the Mini App.',
  init_data_forged: 'These init data were not signed by Telegram for this bot.',
  init_data_old: 'These init data are older than 24 hours: open the Mini App again.',
  init_data_reused: 'Another app has shown these init data before: open the Mini App again.',
} as const

const unauthorized = (code: keyof typeof refusals) => new ApiFailure(401, code, refusals[code])

/** `Authorization: tma <init data>` of a Mini App. The person of a request is known from here and from nowhere else. */
export const personOnly = (cloud: Doors) =>
  createMiddleware<Env>(async (c, next) => {
    const token = cloud.botToken
    if (token === null) throw new ApiFailure(404, 'no_mini_app', 'This cloud has no bot, and so no Mini App.')
    const [, text] = /^tma (.+)$/i.exec(c.req.header('authorization') ?? '') ?? []
    if (!text) throw turnAway(c, cloud, unauthorized('init_data_missing'))
    const now = cloud.now()
    const initData = readInitData(text, { token, now })
    if (initData.status !== 'genuine') {
      throw turnAway(c, cloud, unauthorized(`init_data_${initData.status}`))
    }
    pay(cloud.limiters.people, initData.user.id, now)

    const session = c.req.header('x-app-session') ?? ''
    const isOurs = session.length <= LONGEST_SESSION
    if (!isOurs || !(await claimInitData(cloud.sql, { ...initData, session }))) {
      throw unauthorized('init_data_reused')
    }
    c.set('telegramUser', initData.user)
    // The answer is about one person, and not for a cache.
    c.header('Cache-Control', 'no-store')
    await next()
  })
