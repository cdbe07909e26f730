import { known } from '../../shared/known.ts'
import { formatKopecks, formatSigned, formatWhole } from '../../shared/numbers.ts'
import { englishFrozenWords, englishVouchersFrozen } from '../../shared/words/frozen.ts'
import { plural } from '../../shared/words/plural.ts'
import { capital, englishStatusWords } from '../../shared/words/status.ts'
import { englishVoucherWords } from '../../shared/words/voucher.ts'
import { englishWords } from '../../shared/words/words.ts'
import { daysUntil, formatDay, formatFullDay, formatMonth, formatTime } from './dates.ts'
import type { Texts } from './texts.ts'

const LOCALE = 'en-GB'

const { points, pointsWord, days: daysOf, history: kinds } = englishWords
const percent = (basisPoints: number) => `${(basisPoints / 100).toLocaleString(LOCALE)}%`

export const english: Texts = {
  locale: LOCALE,
  languageNames: { ru: 'Русский', en: 'English' },
  language: 'Language',
  points,
  pointsWord,
  problems: {
    init_data_missing: {
      title: 'Open the card in Telegram',
      next: 'This page works inside Telegram only: open it with the button in the chat with the bot.',
    },
    init_data_forged: {
      title: 'We could not tell who you are',
      next: 'Close this window and open it again from the bot.',
    },
    init_data_old: {
      title: 'This window has been open for too long',
      next: 'For safety it works for a day. Close it and open it again from the bot.',
    },
    init_data_reused: {
      title: 'The card is open in another window',
      next: 'The bot opens each window on its own. Close this one and open it again from the bot.',
    },
    no_mini_app: {
      title: 'The card is not there yet',
      next: 'The shop has not connected its bot. Come back later.',
    },
    consent_outdated: {
      title: 'The consent text has changed',
      next: 'Reload the page to read the new one.',
    },
    registration_closed: {
      title: 'No new cards yet',
      next: 'The chain has not said who answers for the data of customers. Nothing about you was stored.',
    },
    offline: { title: 'No internet', next: 'Check the connection and try again.' },
    away: {
      title: 'The server does not answer',
      next: 'Your points are safe. Try again in a minute.',
    },
    busy: { title: 'Too often', next: 'Wait a minute and try again.' },
    failed: { title: 'Something went wrong', next: 'Try again. Your points are safe.' },
  },
  retry: 'Try again',
  reload: 'Reload',
  close: 'Close',
  loading: 'Loading…',
  shownAsOf: (at) => `Shown as of ${formatTime(at, LOCALE)}.`,

  tabs: { card: 'Card', history: 'History', expiry: 'Expiry', profile: 'Profile' },
  sections: 'Sections',

  card: {
    title: 'My card',
    onCard: (count) => `${pointsWord(count)} on the card`,
    worth: '1 point = 1 ₽',
    expires: (count, at) => `${points(count)} can be spent until ${formatDay(at, LOCALE)} inclusive`,
    expiresUnspent: (count, at) =>
      `${points(count)} ${plural(count, 'expires', 'expire')} after ${formatDay(at, LOCALE)}`,
    waiting: (count, from) => `${points(count)} more from ${formatDay(from, LOCALE)} on`,
    held: (count) => `${points(count)} ${plural(count, 'waits', 'wait')} for the register`,
    debt: (count) => `Debt of ${points(count)}: your next purchases pay it`,
    frozen: englishFrozenWords,
    show: 'Show the code at the register',
    number: 'Card number',
    code: 'QR code of the card',
    barcode: 'Barcode of the card',
    enlarge: 'Enlarge the QR code',
    shrink: 'Close the QR code',
    renews: 'The code renews itself',
    renewing: 'Renewing the code…',
    plainCode: 'Plain code',
    plain: 'No connection, so this is the plain code of the card. It will do too.',
    plainEarnsOnly:
      'No connection: this code earns points, spending needs a live code. It comes back with the connection.',
  },

  status: {
    title: (title) => (title === null ? 'No status yet' : `Status “${title}”`),
    missing: (metric, count, title) => capital(englishStatusWords.missing(metric, count, title)),
    highest: 'It is the highest one',
    cashback: (basisPoints) => `${percent(basisPoints)} comes back as points`,
    progress: 'To the next status',
  },

  invite: {
    title: 'Invite a friend',
    terms: ({ referrer_points, referee_points, min_purchase_kopecks, wait_days }) => [
      ...(referrer_points > 0 ? [`You get ${points(referrer_points)}`] : []),
      ...(referee_points > 0 ? [`Your friend gets ${points(referee_points)}`] : []),
      `For their first purchase${min_purchase_kopecks > 1 ? ` of ${formatKopecks(min_purchase_kopecks, '.').replace('.00', '')} or more` : ''}.${
        wait_days > 0 ? ` The gift comes ${daysOf(wait_days)} later, unless it is returned.` : ''
      }`,
    ],
    nothing: 'Nothing is given for invitations at present.',
    noLink: 'The link will be here in a minute: open this window again.',
    code: 'QR code of the invitation',
    send: 'Send to a friend',
    copy: 'Copy the link',
    copied: 'Copied',
    share: (chainName) => `A card of ${chainName}: collect points with me`,
    counts: { invited: 'Came', bought: 'Bought', waiting: 'Waiting', rewarded: 'Rewarded' },
    brought: (total, month) => `You got ${points(total)} for friends, ${points(month)} this month.`,
  },

  vouchers: {
    ...englishVoucherWords,
    title: 'My vouchers',
    open: (count) => (count > 0 ? `My vouchers: ${formatWhole(count)}` : 'My vouchers'),
    empty: 'No vouchers at present',
    emptyNext: 'When the shop gives you one, it will be here.',
    frozen: englishVouchersFrozen,
    past: 'Used and expired',
    show: 'Show the code',
    shrink: 'Close the QR code',
    code: 'QR code of the voucher',
    number: 'Code of the voucher',
    how: 'Show it at the register: first the card, then the voucher.',
    noCode: 'The code could not be shown. Ask the support: the voucher is still yours.',
    where: (stores) => `at ${stores.join(', ')}`,
    usesLeft: (count) => `can be used ${formatWhole(count)}\u00a0${plural(count, 'time', 'times')}`,
    usedOn: (at) => `Used on ${formatDay(at, LOCALE)}`,
    state: (state) =>
      ({
        early: 'Not yet valid',
        held: 'At the register now',
        used: 'Used',
        over: 'Expired',
        void: 'Taken back by the shop',
      })[state] ?? 'Not valid now',
  },

  history: {
    title: 'History',
    shown: (days) => `The last ${daysOf(days)}`,
    today: 'Today',
    yesterday: 'Yesterday',
    day: (at, now) => {
      const days = -daysUntil(at, now)
      return days === 0 ? 'Today' : days === 1 ? 'Yesterday' : formatDay(at, LOCALE)
    },
    time: (at) => formatTime(at, LOCALE),
    otherKind: 'Operation',
    kinds,
    bought: (kopecks) => `of ${formatKopecks(kopecks, '.')}`,
    refunded: (kopecks) => `${formatKopecks(kopecks, '.')} returned`,
    award: ({ by, title, points: count, basisPoints }) => {
      const share = basisPoints === null ? '' : ` ${percent(basisPoints)}`
      const what =
        known(
          {
            cashback: `cashback${share}`,
            status: `status “${title ?? ''}”${share}`,
            rule: title === null ? `an offer${share}` : `“${title}”`,
            voucher: 'voucher',
          },
          by,
        ) ?? 'a gift'
      return `${formatSigned(count)} ${what}`
    },
    from: (from) => `can be spent from ${formatDay(from, LOCALE)} on`,
    both: (spent, earned) => `${formatWhole(spent)} spent, ${formatWhole(earned)} earned`,
    empty: 'No purchases yet',
    emptyNext: 'Show the code at the register: the points of a purchase appear here at once.',
    more: 'Show more',
    end: 'That is everything of this time',
  },

  expiry: {
    title: 'How long points live',
    explain: 'Points can be spent until that day inclusive.',
    inDays: (at, now) => {
      const days = daysUntil(at, now)
      if (days <= 0) return 'today'
      return days === 1 ? 'tomorrow' : `in ${daysOf(days)}`
    },
    day: (at) => `until ${formatDay(at, LOCALE)} inclusive`,
    month: (at) => formatMonth(at, LOCALE),
    empty: 'Nothing to expire',
    emptyNext: 'Points come with the first purchase, and here you will see until when to spend them.',
    days: 'Days of expiry',
  },

  profile: {
    title: 'Profile',
    card: (card) => `Card ${card}`,
    noName: 'Customer',
    notifications: 'Messages of the bot',
    purchases: 'Purchases',
    purchasesExplain: 'How much was earned and spent',
    expiry: 'Points that expire',
    expiryExplain: '3 days ahead',
    status: 'Status',
    statusExplain: 'When it changes, and what keeps it',
    referrals: 'Friends I invited',
    referralsExplain: 'Who came by your link, and the gift for it',
    vouchers: 'Vouchers',
    vouchersExplain: 'When you are given one',
    advertising: 'Offers',
    rules: 'Rules',
    cashback: (basisPoints) => ({
      value: percent(basisPoints),
      text: 'of what you pay in money comes back as points',
    }),
    discount: (basisPoints) => ({ value: percent(basisPoints), text: 'of a receipt can be paid in points' }),
    lifetime: (days) => ({
      value: daysOf(days),
      text: 'is how long points live after a purchase',
    }),
    worth: { value: '1\u00a0=\u00a01\u00a0₽', text: 'one point is one rouble off' },
    proof:
      'Points are spent with the live code of this window only: nobody can spend them by the card number.',
    support: (contact) => `Any question left? Support: ${contact}`,
    consent: 'Consent to keep data',
    consentGiven: (at, version) => `Given on ${formatFullDay(at, LOCALE)}, version ${version}`,
    toHomeScreen: 'Card to the home screen',
    erase: 'Erase my data',
  },

  erase: {
    title: 'Erase your data?',
    lost: (count) =>
      count > 0 ? `The card vanishes for good, and ${points(count)} with it.` : 'The card vanishes for good.',
    debt: (count) =>
      `The debt of ${points(count)} does not vanish: get a card again, and it moves to that one.`,
    atOnce: 'Your name, Telegram id, language and choices are deleted at once.',
    later:
      'The name leaves the registers when they are next online, and the backups when the time they are kept for is over. Should a backup be needed before, your data are erased from it again.',
    stays:
      'What stays are the sums of purchases without a name, and a record that a consent was given and withdrawn, from which nobody can tell whose. If you had welcome points, came by an invitation or owe points, so does a one-way fingerprint of your Telegram id.',
    yes: 'Erase for good',
    no: 'Keep them',
    done: 'Your data are erased',
    doneNext:
      'Registers drop the name when they are next online. You can come back at any time, with a new card.',
    again: 'Get a new card',
  },

  welcome: {
    title: (chainName) => `The card of ${chainName}`,
    lead: 'Points for every purchase: 1 point is 1 ₽ off. The card is always in your phone.',
    consent: 'Before we begin',
    agree: 'I agree, give me a card',
    advertising: 'Send me offers',
    agreeing: 'Making the card…',
  },
}
