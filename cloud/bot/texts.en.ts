import { allPoints } from '../../shared/allPoints.ts'
import { advertisingText, consentText } from '../../shared/consent.ts'
import { lastDayOf } from '../../shared/lastDay.ts'
import type { HistoryItem } from '../../shared/me.ts'
import { formatCard, formatKopecks, formatPercent, formatSigned, formatWhole } from '../../shared/numbers.ts'
import type { Instant } from '../../shared/time.ts'
import { englishFrozenWords, englishVouchersFrozen } from '../../shared/words/frozen.ts'
import { capital, englishStatusWords } from '../../shared/words/status.ts'
import { englishVoucherWords } from '../../shared/words/voucher.ts'
import { englishWords } from '../../shared/words/words.ts'
import { dayOf, someOf, type When } from './formats.ts'
import { type Html, html, lines, paragraphs } from './html.ts'
import type { Texts } from './texts.ts'

const { points, days, history } = englishWords
const day = (at: Instant, when: When) => dayOf(at, 'en-GB', when)
const percent = (basisPoints: number) => formatPercent(basisPoints, '.')
const money = (kopecks: number | null) => (kopecks === null ? '' : ` ${formatKopecks(kopecks, '.')}`)
const least = (kopecks: number) =>
  kopecks > 1 ? ` of ${formatKopecks(kopecks, '.').replace('.00', '')} or more` : ''
const lastDay = (diesAt: string, { timeZone, now }: When) =>
  day(lastDayOf(Date.parse(diesAt), timeZone), { timeZone: 'UTC', now })

export const english: Texts = {
  language: 'en',

  commands: {
    card: 'card and QR code',
    balance: 'how many points you have',
    status: 'my status and what the next one takes',
    vouchers: 'my vouchers',
    invite: 'invite a friend',
    history: 'purchases and points',
    rules: 'rules of the programme',
    notify: 'which messages to send',
    forget: 'erase my data',
    help: 'what I can do',
  },

  buttons: {
    agree: 'I agree',
    decline: 'I do not agree',
    openApp: 'Open the app',
    menu: 'Card',
    older: 'Earlier →',
    newest: '← Newest',
    card: 'Show the card',
    balance: 'Balance',
    purchases: (isOn) => `${isOn ? '✅' : '⬜️'} Purchases and returns`,
    expiry: (isOn) => `${isOn ? '✅' : '⬜️'} Points about to expire`,
    status: (isOn) => `${isOn ? '✅' : '⬜️'} My status`,
    referrals: (isOn) => `${isOn ? '✅' : '⬜️'} Friends I invited`,
    vouchers: (isOn) => `${isOn ? '✅' : '⬜️'} Vouchers`,
    share: 'Send to a friend',
    advertising: (isOn) => `${isOn ? '✅' : '⬜️'} Offers`,
    advertise: 'Yes, please',
    noAdvertising: 'No, thank you',
    forget: 'Erase for ever',
    keep: 'Keep',
  },

  consent: (toAgree) => paragraphs(consentText('en', toAgree).map((part) => html`${part}`)),
  closed: (contact) =>
    html`The bot gives out no new cards yet: the chain has not said who answers for the data. Nothing about you was stored.${contact ? ` Ask here: ${contact}` : ''}`,
  advertising: (toAgree) =>
    paragraphs([html`<b>Shall we send you offers?</b>`, html`${advertisingText('en', toAgree)}`]),
  advertisingAgreed: html`✓ We will send you offers. If you change your mind: /notify.`,
  noAdvertising: html`All right, no advertising. You can switch it on in /notify.`,
  consentChanged: html`The text has changed, please read it again.`,
  agreed: html`✓ You agreed.`,
  declined: html`All right, nothing about you was stored. If you change your mind, press /start.`,
  declinedLate: 'You already have a card. To erase it and your data: /forget',
  noCards: html`There is no free card number left. We know of it: please try tomorrow.`,

  card: ({ card, frozen }, { isNew, needsApp, contact }) =>
    paragraphs([
      isNew ? html`Done, this is your card!` : null,
      html`Card <b>${formatCard(card)}</b>`,
      frozen ? null : html`Show the code at the register, or tell the number.`,
      needsApp && !frozen
        ? html`To spend points show the code in the app: with this one they are only earned.`
        : null,
      frozen ? html`${englishFrozenWords[frozen](contact)}` : null,
    ]),

  balance: ({ card, available, held, debt, expiresNext, waiting, frozen }, { contact, ...when }) =>
    paragraphs([
      lines([html`On card ${formatCard(card)}`, html`<b>${points(available)}</b>`]),
      held > 0 ? html`${points(held)} more are held by a register for a purchase that has begun.` : null,
      waiting ? html`${points(waiting.points)} more from ${day(Date.parse(waiting.from), when)} on.` : null,
      debt > 0
        ? html`Debt: ${points(debt)}. The next earnings pay it; until then no points can be spent.`
        : null,
      expiresNext
        ? frozen
          ? html`Next to expire: ${points(expiresNext.points)}, after ${lastDay(expiresNext.at, when)}.`
          : html`Next to expire: ${points(expiresNext.points)}. The last day to spend them is ${lastDay(expiresNext.at, when)}.`
        : null,
      available + held + debt === 0 && !waiting && !frozen
        ? html`Show the card with your next purchase to earn points.`
        : null,
      frozen ? html`${englishFrozenWords[frozen](contact)}` : null,
    ]),

  status: ({ title, benefits, cashbackBasisPoints, metric, next, isHighest }) =>
    paragraphs([
      title === null ? html`You have no status yet.` : html`Your status: <b>${title}</b>`,
      html`${percent(cashbackBasisPoints)}% comes back as points.`,
      benefits.length > 0 ? lines(benefits.map((benefit) => html`• ${benefit}`)) : null,
      next
        ? html`${capital(englishStatusWords.missing(metric, next.missing, next.title))}.`
        : isHighest
          ? html`It is the highest one.`
          : null,
    ]),
  noStatuses: html`The programme has no statuses: points are the same for everybody.`,

  vouchers: (vouchers, { frozen, contact }) =>
    paragraphs([
      vouchers.length === 0
        ? html`There are no vouchers at present. When the shop gives you one, it will be here.`
        : html`<b>Your vouchers</b>`,
      ...vouchers.map(({ state, code, terms, stores }) =>
        lines([
          html`<b>${englishVoucherWords.gives(terms)}</b>`,
          ...[
            ...englishVoucherWords.conditions(terms),
            ...(stores ? [`only at ${someOf(stores, (count) => `and ${count} more`)}`] : []),
          ].map((condition) => html`${condition}`),
          code ? html`Code: <code>${code}</code>` : null,
          state === 'held' ? html`It is at the register now.` : null,
        ]),
      ),
      frozen ? html`${englishVouchersFrozen} ${englishFrozenWords[frozen](contact)}` : null,
      !frozen && vouchers.some(({ code }) => code)
        ? html`Tell the code at the register after the card. The app has QR codes for a scanner.`
        : null,
    ]),

  invite: ({ link, terms, counts, points: given }) =>
    paragraphs([
      html`<b>Invite a friend</b>`,
      terms.referrer_points > 0
        ? html`You get ${points(terms.referrer_points)} for their first purchase${least(terms.min_purchase_kopecks)}.`
        : null,
      terms.referee_points > 0
        ? html`They get ${points(terms.referee_points)} for their first purchase${terms.referrer_points > 0 ? '' : least(terms.min_purchase_kopecks)}.`
        : null,
      terms.wait_days > 0
        ? html`The gift comes ${days(terms.wait_days)} after the purchase, unless it is returned.`
        : null,
      html`Your link: ${link}`,
      counts.invited > 0
        ? html`Came: ${formatWhole(counts.invited)}, bought: ${formatWhole(counts.bought)}, waiting: ${formatWhole(counts.waiting)}, rewarded: ${formatWhole(counts.rewarded)}. You got ${points(given.total)} for them, ${points(given.month)} this month.`
        : null,
    ]),
  noInvitations: html`Nothing is given for invitations at present.`,
  invitationToShare: (chainName) => `A card of ${chainName}: collect points with me`,

  history: (items, { shownDays, ...when }) =>
    paragraphs([
      html`<b>Purchases and points of ${days(shownDays)}</b>`,
      items.length === 0 ? html`Nothing here yet.` : null,
      ...items.map((item) => historyItem(item, when)),
    ]),

  rules: (programme, chainName) =>
    paragraphs([
      html`<b>${chainName}: rules</b>`,
      programme.cashback_basis_points > 0
        ? html`${percent(programme.cashback_basis_points)}% of what is paid in money comes back as points.`
        : null,
      html`Points pay up to ${percent(programme.max_discount_basis_points)}% of a purchase. 1 point = 1 ₽.`,
      programme.min_purchase_kopecks > 1
        ? html`Points are earned and spent on receipts${least(programme.min_purchase_kopecks)}.`
        : null,
      programme.activation_days > 0
        ? html`Points that were earned can be spent ${days(programme.activation_days)} after the purchase.`
        : null,
      html`Points live ${days(programme.lifetime_days)}, counting the day of the purchase, and then expire. Those that expire first are spent first.`,
      html`When goods are returned, the points earned with them are taken back and those spent return.`,
      programme.redeem_proof === 'signed_code'
        ? html`To spend points show the code in the app at the register. Any code or the card number will do to earn them.`
        : null,
      programme.welcome_bonus_points > 0
        ? html`Newcomers are given ${points(programme.welcome_bonus_points)}.`
        : null,
    ]),

  notify: html`What shall we write to you about? Tap to switch on or off.`,

  forgetAsk: ({ card, debt, ...balance }) =>
    paragraphs([
      html`<b>Erase your data?</b>`,
      html`You will lose card ${formatCard(card)}${allPoints(balance) > 0 ? html` and ${points(allPoints(balance))}` : ''}. This cannot be undone.`,
      html`<b>At once</b> we delete your name, Telegram id, language and choices, and write no more.`,
      html`<b>Later</b> the name leaves the registers, when they are next online, and the backups, when the time they are kept for is over. Should a backup be needed before, your data are erased from it again.`,
      html`<b>What stays</b> are the sums of purchases without a name, and a record that a consent was given and withdrawn, from which nobody can tell whose. If you had welcome points, came by an invitation or owe points, so does a one-way fingerprint of your Telegram id.`,
      debt > 0
        ? html`<b>The debt of ${points(debt)} does not vanish:</b> get a card again, and it moves to that one.`
        : null,
    ]),
  forgotten: html`Your data are erased, and the card is gone. Registers drop the name when they are next online. To come back, press /start.`,
  kept: html`Everything stays as it is.`,

  help: (commands, contact) =>
    paragraphs([
      html`I show your card and count your points.`,
      lines(commands.map(([name, what]) => html`/${name} — ${what}`)),
      contact ? html`Any question left? Support: ${contact}` : null,
    ]),
  hint: html`I only understand commands: /card is your card, /balance your points, /help everything else.`,

  oldButton: 'This button is out of date.',
  notRegistered: 'You have no card yet: press /start',
  tryInAMinute: 'It does not work right now. Please try in a minute.',
  broken: 'Something broke, and we know of it. Please try later.',
}

function historyItem(item: HistoryItem, when: When): Html {
  const { kind, at, store, purchaseKopecks, refundKopecks, earned, spent, change } = item
  const sum = money(kind === 'refund' ? refundKopecks : purchaseKopecks)
  const both = kind === 'purchase' && earned > 0 && spent > 0
  return lines([
    html`${day(Date.parse(at), kind === 'expiry' ? { ...when, timeZone: 'UTC' } : when)}${store ? `, ${store}` : ''}`,
    html`${history[kind]}${sum}: <b>${formatSigned(change)}</b>`,
    both ? html`${points(spent)} spent, ${formatWhole(earned)} earned` : null,
  ])
}
