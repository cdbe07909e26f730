import { formatKopecks, formatPercent, formatRubles, formatWhole } from '../../shared/numbers.ts'
import type { ProofProblem } from '../../shared/signedCode.ts'
import type { Instant } from '../../shared/time.ts'
import { plural } from '../../shared/words/plural.ts'
import { englishStatusWords } from '../../shared/words/status.ts'
import { englishWords } from '../../shared/words/words.ts'
import { formatDay, formatMoment, formatTime, formatUtcDay } from './dates.ts'
import { englishVoucher } from './texts/voucher.ts'
import type { Texts } from './texts.ts'

const LOCALE = 'en-GB'

const { points, pointsWord } = englishWords
const operations: Record<string, string> = englishWords.operations
const rubles = (count: number) => formatRubles(count)
const upTo = (isSure: boolean) => (isSure ? '' : 'up to ')
const money = (kopecks: number) => formatKopecks(kopecks, '.')

const proofs: Record<ProofProblem, { what: string; next: string }> = {
  missing: {
    what: 'A code from Telegram is needed to spend points',
    next: 'Ask the customer to open the card in Telegram and to show it to the camera.',
  },
  altered: {
    what: 'The code is damaged or forged',
    next: 'Ask the customer to open the card in Telegram anew: a copy of the code is no good.',
  },
  other_customer: {
    what: 'This is the code of another customer',
    next: 'Ask the customer to show the code of their own Telegram.',
  },
  too_old: {
    what: 'The code is too old',
    next: 'Ask the customer to show the card in Telegram again: it renews itself.',
  },
  used: {
    what: 'This code was used to spend points before',
    next: 'Ask the customer to show the card in Telegram again: a new code appears there soon.',
  },
}

const vouchers: Texts['vouchers'] = {
  cloud_away: {
    what: () => 'The cloud is away: the voucher cannot be checked',
    next: 'Go on without it, or try again when the cloud is back.',
  },
  unreadable: {
    what: () => 'This register is older than such vouchers',
    next: 'Go on without it, and ask the administrator to update the register.',
  },
  unknown: {
    what: () => 'There is no such voucher',
    next: 'Compare the code with the voucher and try again, or go on without it.',
  },
  void: { what: () => 'This voucher was cancelled', next: 'Go on without the voucher.' },
  other_customer: {
    what: () => 'This is the voucher of another customer',
    next: 'Go on without it: it is good only with the card of its owner.',
  },
  used: { what: () => 'This voucher was used before', next: 'Go on without the voucher.' },
  in_use: {
    what: () => 'This voucher is being used on another receipt right now',
    next: 'Wait a minute and try again, or go on without the voucher.',
  },
  used_by_customer: {
    what: () => 'The customer has used such a voucher before',
    next: 'Go on without the voucher.',
  },
  not_begun: { what: () => 'The voucher is not good yet', next: 'Go on without the voucher.' },
  over: { what: () => 'The time of the voucher is over', next: 'Go on without the voucher.' },
  other_store: { what: () => 'The voucher is not for this store', next: 'Go on without the voucher.' },
  below_min_purchase: {
    what: ({ minKopecks }) =>
      minKopecks === null
        ? 'The purchase is too small for the voucher'
        : `The voucher is good from a purchase of ${money(minKopecks)}`,
    next: 'Go on without the voucher, or add something to the receipt.',
  },
  not_with_points: {
    what: () => 'The voucher is not good together with points',
    next: 'Choose one of them: the voucher or points.',
  },
  no_product: {
    what: () => 'The goods of the voucher are not in the receipt',
    next: 'Add them to the receipt in 1C, or go on without the voucher.',
  },
  too_little: {
    what: () => 'The voucher gives nothing on such a purchase',
    next: 'Go on without the voucher.',
  },
}

const failures: Texts['failures'] = {
  malformed: {
    what: () => 'The cloud did not understand the operation',
    next: () => 'Tell the administrator: this is a fault of the program, not of the customer.',
  },
  id_reused: {
    what: () => 'The number of the operation is taken',
    next: () => 'Try again: the register takes a new number.',
  },
  not_your_operation: {
    what: () => 'This operation belongs to another store',
    next: () => 'It can be undone only where it was made.',
  },
  customer_not_found: {
    what: () => 'There is no such card',
    next: () => 'Check the number and find the customer again.',
  },
  customer_frozen: {
    what: ({ isProgrammeFrozen }) => (isProgrammeFrozen ? 'The programme is frozen' : 'The card is frozen'),
    next: ({ support, isProgrammeFrozen }) =>
      isProgrammeFrozen
        ? 'Finish the sale without points. The card is all right: points are there again when the programme goes on.'
        : support === null
          ? 'Finish the sale without points: only an administrator of the programme can unfreeze the card.'
          : `Finish the sale without points, the customer is helped here: ${support.replace(/[.!?\s]+$/, '')}.`,
  },
  amount_out_of_range: {
    what: ({ maxBalance }) => (maxBalance === null ? 'The amount is out of range' : 'The card is full'),
    next: ({ minKopecks, maxKopecks, maxBalance }) => {
      if (maxBalance !== null)
        return `Finish the sale without points: a card holds ${formatWhole(maxBalance)} at most. Tell an administrator.`
      return minKopecks !== null && maxKopecks !== null
        ? `Check the amount: sales from ${money(minKopecks)} to ${money(maxKopecks)} are taken.`
        : 'Check the amount and try again.'
    },
  },
  clock_out_of_range: {
    what: () => 'The clock of this computer is wrong',
    next: () => 'Check the date and time in Windows and try again.',
  },
  proof_refused: {
    what: ({ proof }) => proofs[proof ?? 'altered'].what,
    next: ({ proof }) => proofs[proof ?? 'altered'].next,
  },
  duplicate_transaction: {
    what: () => 'An equal purchase was made a moment ago',
    next: () => 'If the customer has really bought the same again, confirm the second purchase.',
  },
  original_not_found: {
    what: () => 'The cloud does not know this operation',
    next: () => 'Tell the administrator, who will compare it with the journal of this register.',
  },
  already_resolved: {
    what: () => 'This operation is finished already',
    next: () => 'Look at the latest operations: nothing has to be repeated.',
  },
  over_refund: {
    what: () => 'This purchase was undone before',
    next: () => 'Look at the latest operations: there is nothing left to undo.',
  },
  too_many_holds: {
    what: () => 'Too many redemptions of this register are unfinished',
    next: () =>
      'Wait a minute until the register has finished them and try again, or call the administrator.',
  },
  voucher_refused: {
    what: (facts) => vouchers[facts.voucher ?? 'unknown'].what(facts),
    next: ({ voucher }) => vouchers[voucher ?? 'unknown'].next,
  },
  over_discount_limit: {
    what: () => 'The discount is larger than allowed',
    next: () => 'Choose fewer points and try again.',
  },
  below_minimum: {
    what: () => 'At least one point has to be spent',
    next: () => 'Choose one point or more, or earn only.',
  },
  in_debt: {
    what: () => 'The customer owes points',
    next: () => 'Earn points now: they pay the debt, and then points can be spent again.',
  },
  insufficient_points: {
    what: ({ available }) =>
      available === null ? 'There are not enough points' : `Only ${points(available)} left to spend`,
    next: () => 'Go back and choose fewer points.',
  },
  cannot_merge: {
    what: ({ merge }) =>
      merge === 'both_in_telegram'
        ? 'Both cards are in Telegram, of two people'
        : merge === 'none_in_telegram'
          ? 'Neither of these cards is in Telegram'
          : merge === 'open_hold'
            ? 'A redemption of the card is still open'
            : 'These cards cannot become one',
    next: ({ merge, support }) =>
      merge === 'open_hold'
        ? 'Finish that receipt and show both cards again.'
        : support === null
          ? 'The administrator of the programme can help.'
          : `Support helps the customer: ${support.replace(/[.!?\s]+$/, '')}.`,
  },
  internal: {
    what: () => 'The cloud failed: it is not known whether the operation was done',
    next: () => 'Hand it over to the administrator, who compares it with the cloud.',
  },
  unreadable: {
    what: () => 'The register does not understand the answer: it is older than the cloud',
    next: () => 'Update the register and try the operation again.',
  },
  cloud_away: {
    what: () => 'The cloud did not answer',
    next: () => 'Earn points now, which works without it, or try to spend again.',
    nextWhenHeld: 'Wait for the connection: the register returns the points by itself.',
  },
  not_taken: {
    what: () => '1C did not take the discount',
    next: () => 'Check that the receipt is open in 1C and try again.',
  },
  cancelled: {
    what: () => 'Spending was cancelled',
    next: () => 'Choose another number of points or earn only.',
  },
  sale_changed: {
    what: () => 'The receipt in 1C has changed',
    next: () => 'Check the new amount and choose again.',
  },
  refused_by_1c: {
    what: ({ error }) => (error ? `1C refused the discount: ${error}` : '1C refused the discount'),
    next: () => 'Correct the receipt in 1C and try again.',
  },
  not_confirmed: {
    what: () => '1C did not confirm the discount',
    next: () => 'Look at the receipt: close it with the discount if it is there, and without it if not.',
  },
  folder_busy: {
    what: () => 'Another program holds the discount file',
    next: () => 'Wait a few seconds and try again.',
    nextWhenHeld: 'Look whether the receipt has the discount: the points return once the file is free.',
  },
  not_written: {
    what: () => 'The register cannot write: its disk is full or read-only',
    next: () =>
      'Sell without points and call the administrator: the register goes on by itself once there is room.',
    nextWhenHeld:
      'See whether the discount is in the receipt, and call the administrator: the register finishes this itself once there is room.',
  },
  failed: {
    what: () => 'The register could not do this',
    next: () => 'Try again, and call the administrator if it happens again.',
  },
}

const newReason: Texts['newReason'] = {
  ...failures.failed,
  told: (message) => `The cloud refused: ${message.replace(/[.!?\s]+$/, '')}`,
  next: () => 'Finish the sale without points and show this message to the administrator.',
  noRedemption: 'Points cannot be spent now: the administrator can tell why.',
}

const fates: Texts['fates'] = {
  untouched: {
    earn: () => 'No points were earned.',
    redeem: (_count, hasVoucher) =>
      `${hasVoucher ? 'Neither points nor the voucher were spent' : 'No points were spent'}: the customer has what they had.`,
    refund: () => 'No points have changed: the purchase stays as it was.',
  },
  returned: {
    earn: () => 'The points go back to the customer.',
    redeem(count, hasVoucher) {
      if (!hasVoucher)
        return `${points(count)} ${plural(count, 'goes', 'go')} back to the customer: nothing was spent.`
      return count > 0
        ? `${points(count)} and the voucher go back to the customer: nothing was spent.`
        : 'The voucher is free again: no discount was given.'
    },
    refund: () => 'The points go back to what they were.',
  },
  held: {
    earn: () => 'The points will come when everything is known.',
    redeem(count, hasVoucher) {
      if (!hasVoucher)
        return `${points(count)} ${plural(count, 'is', 'are')} held while the register finds out about the discount.`
      return count > 0
        ? `${points(count)} and the voucher are held while the register finds out about the discount.`
        : 'The voucher is held while the register finds out about the discount.'
    },
    refund: () => 'The points will change when everything is known.',
  },
}

const refusals: Texts['refusals'] = {
  malformed: { what: 'The register did not understand the input.', next: 'Check the fields and try again.' },
  busy: { what: 'The register is busy with the last operation.', next: 'Wait for its end and try again.' },
  not_enrolled: { what: 'The register is not enrolled.', next: 'Enrol it in the settings.' },
  product_code: {
    what: 'This is the barcode of a product: scan it into 1C.',
    next: 'The card of the customer is scanned here.',
  },
  not_a_voucher: {
    what: 'No voucher has such a code.',
    next: 'Compare the code with the voucher and type it again.',
  },
  no_voucher: { what: 'The voucher is not here any more.', next: 'Scan it again.' },
  item_above_purchase: { what: 'The goods cannot cost more than the receipt.', next: 'Check their price.' },
  not_a_card: {
    what: 'This is not a card of the programme.',
    next: 'Ask the customer to show the card of the programme.',
  },
  no_customer: { what: 'No customer is chosen.', next: 'Find the customer by the card.' },
  no_amount: { what: 'There is no amount any more.', next: 'Open a receipt in 1C or type the amount.' },
  amount_changed: { what: 'The amount has changed.', next: 'Check the new amount and tap again.' },
  card_frozen: { what: 'The card is frozen.', next: 'Finish the sale without points.' },
  amount_is_of_1c: { what: 'The amount came from 1C already.', next: 'Change the receipt in 1C.' },
  cannot_redeem: { what: 'So many points cannot be spent now.', next: 'Choose another number of points.' },
  not_refundable: { what: 'This operation cannot be undone.', next: 'Ask the administrator.' },
  more_than_paid: { what: 'So much was not paid for this purchase.', next: 'Check the sum of the return.' },
  late_return: { what: 'A late return takes the PIN.', next: 'Enter the PIN.' },
  late_return_no_pin: {
    what: 'A late return takes the PIN, and none is set.',
    next: 'Call the administrator to set a PIN.',
  },
  not_parked: { what: 'This operation is not in the list any more.', next: 'Nothing has to be done.' },
  cloud_away: {
    what: 'The cloud does not answer.',
    next: 'Check the network and the address and try again.',
  },
  pin_needed: {
    what: 'An amount like this is typed with the PIN.',
    next: 'Enter the PIN, or open the receipt in 1C.',
  },
  no_pin: {
    what: 'An amount like this is typed with the PIN, and none is set.',
    next: 'Open the receipt in 1C, or ask an administrator to set a PIN.',
  },
  wrong_pin: { what: 'The PIN is wrong.', next: 'Enter it again.' },
  too_many_attempts: { what: 'There were too many attempts.', next: 'Wait a minute and enter the PIN.' },
  wrong_code: { what: 'The pairing code is wrong.', next: 'Get a new one: a code lives for 15 minutes.' },
  not_a_cloud: { what: 'There is no Kopilka cloud at this address.', next: 'Check the address.' },
  no_updates: { what: 'This register does not update itself.', next: 'Update it by hand.' },
  folder_not_usable: { what: 'This folder cannot be used.', next: 'Check the path and the right to write.' },
  not_https: {
    what: 'This address is not encrypted: anybody in this network could read the key.',
    next: 'Type it with https, or, if the network is yours alone, have the register started with --insecure.',
  },
  not_written: {
    what: 'The register cannot write: its disk is full or read-only.',
    next: 'Make room on the disk and try again.',
  },
  failed: { what: 'The register could not do this.', next: 'Try again, then call the administrator.' },
}

const noRedemption: Texts['noRedemption'] = {
  cloud_away: 'The cloud is away: points can be spent when it is back.',
  balance_not_current: 'The cloud has not confirmed the balance yet.',
  amount_not_of_1c: 'The amount was typed, and only a receipt of 1C can have a discount.',
  exchange_away: '1C cannot be reached: there is nowhere to give the discount.',
  exchange_unwritable: 'The exchange folder is read-only: no discount can be given to 1C.',
  discount_not_settled: 'The register is finding out whether 1C took the last discount.',
  card_frozen: 'The card is frozen: points are neither earned nor spent.',
  in_debt: 'The customer owes points: the next earnings pay them first.',
  no_points: 'The customer has no points yet.',
  purchase_too_small: 'The purchase is too small for a discount.',
  code_needed: 'A code from Telegram is needed to spend points: ask the customer to open the card.',
}

const notices: Texts['notices'] = {
  journal_set_aside: (file) =>
    `The journal was damaged and set aside: ${file}. Keep this file and tell the administrator.`,
  version_failed: (version) =>
    `Version ${version} could not start three times and is not installed any more. Tell the administrator.`,
  disk_failing: (code) =>
    `The disk of this register is full or read-only (${code}). Points are safe, but no new operation is taken. Make room: the register goes on by itself.`,
  cloud_not_https: (url) =>
    `The address of the cloud is not encrypted: ${url}. Earnings wait here, points are safe. Administrator: enrol with https://, or start the register once with --insecure.`,
  items_ignored: (problem) =>
    `1C sends what was bought, and the register leaves it out: ${problem === 'not_the_amount' ? 'it does not add up to the amount' : problem === 'too_many' ? 'there are more than 300 lines' : 'it could not be read'}. Purchases earn points, but not those for certain goods. Tell the administrator.`,
  orphan_removed: (file) => `The register removed ${file}: this discount belonged to no receipt.`,
}

const updateProblems: Texts['updateProblems'] = {
  away: 'The cloud did not hand out the update: the register asks again by itself.',
  not_verified: 'What was fetched is not proven to be genuine: the register will not install it.',
  failed_starts: 'This version could not start three times: the register installs it no more.',
  failed_installs: 'The installation failed: the register works with the version before.',
}

const exchangeProblems: Texts['exchangeProblems'] = {
  too_large: 'amount.json is too large: is it another file?',
  empty: 'amount.json is empty: did 1C stop writing it?',
  not_text: 'amount.json is no text: is the file damaged?',
  not_json: 'amount.json is not JSON: check how 1C writes it.',
  no_amount: 'amount.json has no amount.',
  amount_negative: 'The amount in amount.json is negative.',
  amount_invalid: 'The amount in amount.json is not money.',
  held: 'Another program holds amount.json: an antivirus?',
  unreadable: 'amount.json cannot be opened: check the disk and the rights.',
  never_still: 'amount.json never stops changing: who writes it?',
  ENOENT: 'The exchange folder does not exist: check the path in the settings.',
  EACCES: 'There is no access to the exchange folder.',
  EPERM: 'There is no access to the exchange folder.',
  ETIMEDOUT: 'The exchange folder does not answer: is the share connected?',
}

export const english: Texts = {
  locale: LOCALE,
  decimal: '.',
  points,
  rubles,
  money,
  pointsWord,
  moment: (at: Instant, now: Instant) => formatMoment(at, now, LOCALE),
  time: (at: Instant) => formatTime(at, LOCALE),
  age(ms: number): string {
    const minutes = Math.floor(ms / 60_000)
    if (minutes < 1) return 'under a minute'
    if (minutes < 60) return `${minutes} min`
    const hours = Math.floor(minutes / 60)
    return hours < 24 ? `${hours} h` : `${Math.floor(hours / 24)} d`
  },

  failures,
  newReason,
  fates,
  refusals,
  vouchers,
  voucher: englishVoucher,
  refusalPoints: 'No points were touched.',
  noRedemption,
  programmeFrozen: 'Just now points are neither earned nor spent, with any card.',
  notices,
  exchangeProblems,
  updateProblems,
  exchangeProblem: (code) => `The exchange folder does not work: ${code}.`,

  common: {
    cancel: 'Cancel',
    close: 'Close',
    done: 'Done',
    understood: 'I see',
    clear: 'Clear',
    backspace: 'Delete the last digit',
    comma: 'Decimal point',
    save: 'Save',
    saved: 'Saved',
    hide: 'Hide',
    yes: 'Yes',
    no: 'No',
  },

  start: {
    connecting: 'The register is starting…',
    restarting: 'The register is restarting…',
    restartingHint: 'This takes a few seconds. What was recorded is not lost.',
    restartingLong: 'If it takes longer than a minute, close the window and open the register again.',
  },

  header: {
    notHeard: '1C has not written yet',
    noStore: 'Not enrolled',
    exchange: {
      ok: '1C connected',
      away: '1C not seen',
      alert: 'Bad file from 1C',
      unwritable: '1C folder is read-only',
    },
    online: 'All sent',
    sending: (count) => `Sending ${formatWhole(count)}`,
    starting: 'Connecting…',
    offline: 'Offline',
    queued: (count, age) => `Queue ${formatWhole(count)} · ${age}`,
    offlineQueued: (count, age) => `Offline · ${formatWhole(count)} · ${age}`,
    unauthorised: 'Key not accepted',
    revoked: 'Register revoked',
    notEnrolled: 'Not enrolled',
    parked: (count) => `To settle: ${formatWhole(count)}`,
    openQueue: 'Queue',
    openSettings: 'Settings',
    clockOff: (minutes) => `Clock ${formatWhole(Math.abs(minutes))} min ${minutes < 0 ? 'fast' : 'slow'}`,
  },

  update: {
    short: { ready: 'Updates tonight', installing: 'Updating…' },
    state: 'Update',
    none: 'The newest version that the cloud has for this register is installed.',
    checking: 'Asking the cloud…',
    downloading: (version, percent) => `Fetching version ${version}: ${formatWhole(percent)} %`,
    ready: (version) => `Version ${version} is ready and will be installed tonight.`,
    installing: (version) => `Installing version ${version}: the register restarts by itself.`,
    failed: (version) => `Version ${version} is not installed.`,
    notFound: 'Could not ask for a newer version.',
    now: 'Update now',
    asked: 'The register updates as soon as nobody is at work.',
  },

  idle: {
    title: 'Find the customer',
    showQr: 'Show the QR code of the card',
    card: 'Card number',
    cardHint: 'Show the QR code or type the number',
    searching: (code) => `Looking for ${code}…`,
    notFound: {
      not_a_card: () => 'This is not a card of the programme: check the code.',
      customer_not_found: (code) => `There is no card ${code}: check the number.`,
      code_altered: () =>
        'The code is damaged or forged: ask the customer to open the card in Telegram anew.',
      code_too_old: () =>
        'The code is too old: ask the customer to show the card in Telegram again, it renews itself.',
      cloud_away: () => 'The cloud is away: the register is not enrolled.',
    },
    revoked:
      'This register was revoked: the names of customers were wiped. Earnings wait in the queue; points cannot be spent.',
    unauthorised:
      'The cloud does not know the key of this register. Earnings wait in the queue; points cannot be spent.',
    enrolNext: 'Administrator: get a new pairing code and enter it in the settings.',
    enrolAgain: 'Enrol again',
  },

  amount: {
    from1c: 'Receipt from 1C',
    typed: 'Amount typed by hand',
    waiting: 'Waiting for a receipt from 1C',
    changed: 'The amount has changed',
    receipt: (receipt) => `no. ${receipt}`,
    title: 'Amount of the sale',
    orType: 'Open a receipt in 1C or type the amount',
    typeOnly: '1C is not seen: type the amount',
    earnOnly: 'With a typed amount points can only be earned.',
    confirm: 'Next',
    edit: 'Change',
    tooLarge: (most) => `At most ${most}`,
    needsPin: (limit) => `More than ${limit} by hand needs the PIN. Check the amount.`,
    pinAsk: (sum) => `The amount is ${sum}: enter the PIN`,
  },

  firstSale: {
    title: 'Before the first sale',
    cloud: 'The cloud answers',
    folder: 'The exchange folder is found',
    oneC: '1C has written a receipt into it',
    receipt: 'A test receipt is done with a card',
    done: ' – done',
    notYet: ' – not yet',
  },

  recent: {
    title: 'Latest operations',
    folded: 'Names and sums are hidden from customers.',
    undo: 'Undo',
    undoOf: (who, sum) => `Undo: ${who}, ${sum}`,
    states: {
      done: 'Accepted',
      waiting: 'Queued',
      open: 'Waiting for 1C',
      parked: 'Needs a person',
      handed_over: 'Handed over',
    },
    refunds: {
      done: 'Undone',
      waiting: 'Undo is queued',
      parked: 'Undo needs a person',
      handed_over: 'Undo was handed over',
    },
    partRefunds: {
      done: 'Partly returned',
      waiting: 'Partial return is queued',
      parked: 'Partial return needs a person',
      handed_over: 'Partial return was handed over',
    },
    card: (card) => `Card ${card}`,
    confirmTitle: 'Undo this purchase?',
    confirmSpent: (count) => `${points(count)} that were spent come back.`,
    confirmEarned: (count) => `${points(count)} that were earned are taken back.`,
    confirmMoney: 'Return the money in 1C: the register changes points only.',
    confirm: 'Yes, undo',
    keep: 'Leave it',
  },

  returns: {
    open: 'Return',
    title: 'Return',
    by: 'How to find the purchase',
    ways: { receipt: 'By receipt', card: 'By card', day: 'By day' },
    receipt: 'Receipt number',
    receiptHint: 'The last three digits will do. The barcode of a receipt can be scanned.',
    card: 'Card',
    cardHint: 'Type its number or scan the card.',
    day: 'Day of the purchase',
    today: 'Today',
    yesterday: 'Yesterday',
    daysAgo: (at: Instant) => formatDay(at, LOCALE),
    earlier: 'A day earlier',
    later: 'A day later',
    find: 'Find',
    searching: 'Looking…',
    nothing: 'There are no such purchases. Check the number, or look by card or day.',
    registerOnly:
      'The cloud does not answer: only purchases of this till are shown. The return will wait in the queue.',
    more: 'These are the latest: narrow the search.',
    receiptOf: (receipt: string) => `receipt ${receipt}`,
    thisTill: 'this till',
    choose: 'Choose',
    chooseOf: (who: string, sum: string) => `Choose: ${who}, ${sum}`,
    allReturned: 'Returned',
    partReturned: (sum: string) => `${sum} returned`,
    what: 'What comes back',
    whole: (sum: string) => `All, ${sum}`,
    rest: (sum: string) => `The rest, ${sum}`,
    part: 'A part',
    sum: 'Sum of the return',
    sumHint: (most: string) => `How much money you give back: up to ${most}`,
    money: 'In money, through 1C',
    givenBack: 'Comes back to the card',
    taken: 'Is taken from the card',
    takenUnknown: 'the cloud will tell',
    debtHint: 'Points that were spent already become a debt: new ones pay it first.',
    late: (days: number) =>
      `The purchase is more than ${formatWhole(days)} ${days === 1 ? 'day' : 'days'} old: it takes the administrator’s PIN.`,
    pinAsk: 'A late return: enter the PIN',
    confirm: 'Return',
    back: 'To the list',
  },

  status: {
    missing: englishStatusWords.missing,
    reaches: (title) => `${title} with this purchase`,
  },

  customer: {
    unknown: 'Customer',
    card: (card) => `Card ${card}`,
    available: (count) => `${pointsWord(count)} to spend`,
    availableAsOf: (count, moment) => `${pointsWord(count)} as of ${moment}`,
    balanceUnknown: 'The balance will be known when the cloud is back',
    expires: (count, lastDay) =>
      `${points(count)} can be spent until ${formatUtcDay(lastDay, LOCALE)} inclusive`,
    debt: (count) => `Owes ${points(count)}: the next earnings pay them`,
    replaced: (old, card) => `Card ${old} was replaced: points and purchases are on card ${card} now`,
    other: 'Another customer',
  },

  join: {
    open: 'Open the card',
    door: 'New card',
    title: 'New card',
    code: 'The code by which a customer gets a card',
    how: 'The customer points the camera of their phone at the code and agrees to take part. The card is in their phone.',
    next: 'As soon as they agree the card appears here.',
    offline: 'The cloud is away: the customer gets the card, and it appears here once the cloud is back.',
    joined: (name, card) => (name === null ? `A new card: ${card}` : `${name} has a new card: ${card}`),
  },

  merge: {
    question: 'Is this one person?',
    explained: (card, otherCard) =>
      `Points and purchases of card ${otherCard} go to card ${card} in the phone. The old number goes on working.`,
    yes: 'Yes, merge',
    no: 'No',
    asked: 'Merging the cards…',
    queued: 'The cards will be merged when the cloud is back',
    done: (otherCard) => `The cards are one: number ${otherCard} finds this one now`,
  },

  ready: {
    redeem: (count) => `Spend ${rubles(count)}`,
    earn: (count, isSure) => `Earn ${upTo(isSure)}${formatWhole(count)}`,
    parts: (parts, more) =>
      [
        ...parts.map(({ title, points }) =>
          title === null ? formatWhole(points) : `“${title}” ${formatWhole(points)}`,
        ),
        ...(more
          ? [`${more.rules} more ${more.rules === 1 ? 'rule' : 'rules'}: ${formatWhole(more.points)}`]
          : []),
      ].join(' + '),
    earnNothing: 'Record without points',
    cannotRedeem: 'Spending is not possible',
    toPay: (kopecks) => `To pay ${money(kopecks)}`,
    comesBack: (count, isSure) => `${upTo(isSure)}${points(count)} come back`,
    remains: (count, isSure) => `${upTo(isSure)}${formatWhole(count)} left`,
    becomes: (count, isSure) => `${upTo(isSure)}${points(count)} after it`,
    less: 'Fewer:',
    all: (count) => `${formatWhole(count)} – all`,
    share: (count, basisPoints) =>
      `${formatWhole(count)} – the most, ${formatPercent(basisPoints, '.')} % of the receipt`,
    atMost: (count) => `${formatWhole(count)} – the most`,
    own: 'Other…',
    ownTitle: 'How many points to spend?',
    most: (count) => `Up to ${formatWhole(count)}`,
    oneLess: 'One fewer',
    oneMore: 'One more',
  },

  processing: {
    asking: { earn: 'Earning…', redeem: 'Holding the points…', refund: 'Undoing…' },
    askingVoucher: 'Using the voucher…',
    askingHint: 'Waiting for the cloud.',
    offered: 'Waiting for 1C…',
    offeredHint: (count) => `The discount of ${rubles(count)} was handed over. Keep the receipt open.`,
    confirming: 'Waiting for the word of 1C…',
    confirmingHint: '1C took the discount and is writing it into the receipt.',
    withdrawing: 'Taking the discount back…',
    withdrawingHint: 'One moment: the register finds out whether 1C was faster.',
    secondsLeft: (count) => `${formatWhole(count)} ${plural(count, 'second', 'seconds')}`,
  },

  success: {
    redeem: (count) => `${rubles(count)} off the receipt`,
    earn: (count) => `Earned ${points(count)}`,
    earnNothing: 'The purchase is recorded',
    earnQueued: 'Points will be earned when the cloud is back',
    refund: 'The purchase is undone',
    refundQueued: 'Will be undone when the cloud is back',
    returned: 'A part of the purchase is returned',
    returnQueued: 'Will be returned when the cloud is back',
    returnedMoney: 'Returned in money',
    givenBack: 'Points given back',
    taken: 'Points taken',
    queuedHint: 'The operation is kept in the register and will not be lost.',
    toPay: 'To pay',
    voucher: 'Voucher',
    voucherTaken: 'The voucher is used',
    voucherAfter: {
      asked: 'checking…',
      usable: 'can be used again',
      gone: 'cannot be used any more',
      unknown: 'known later',
    },
    purchase: 'Purchase',
    spent: 'Spent',
    earned: 'Earned',
    repaid: 'Debt paid',
    debtLeft: 'Still owed',
    repaidAll: (count) => `Debt paid: ${points(count)}`,
    willEarn: 'Will be earned',
    upTo: (count) => `up to ${points(count)}`,
    balance: (name) => (name ? `Now on the card · ${name}` : 'Now on the card'),
    balanceLater: 'known later',
    next: 'Next',
  },

  error: {
    retry: 'Try again',
    secondPurchase: 'Yes, a second purchase',
    earnOnly: 'Earn only',
    choose: 'Choose points',
    toSale: 'To the sale',
  },

  queue: {
    title: 'Queue',
    allSent: 'Everything was sent to the cloud',
    waiting: (count) => `Waiting to be sent: ${formatWhole(count)}`,
    oldest: (age) => `the oldest for ${age}`,
    nothingParked: 'Nothing to settle: all operations were accepted.',
    waitingTitle: 'Waiting to be sent',
    waitingHint: 'The register has them and loses none: it sends them by itself.',
    more: (count) => `and ${formatWhole(count)} more`,
    handedOverTitle: 'Handed over to an administrator',
    states: { waiting: 'Queued', parked: 'Needs a person', handed_over: 'Handed over' },
    parkedTitle: 'Refused by the cloud – a person must decide',
    parkedHint:
      'Try again once the cause is gone. Otherwise hand it over: an administrator will settle the points.',
    kind: (kind) => operations[kind] ?? kind,
    retry: 'Try again',
    handOver: 'Hand over',
    noticesTitle: 'Messages of the register',
  },

  enrol: {
    title: 'Enrol the register',
    subtitle: 'This is done once. The administrator gives the pairing code, which lives for 15 minutes.',
    cloudUrl: 'Address of the cloud',
    cloudUrlHint: 'For example: loyalty.example.com',
    noAddress: 'Enter the address of the cloud, such as loyalty.example.com.',
    noCode: 'Enter the pairing code: 8 letters and digits that an administrator gives out.',
    noFolder: 'Enter the folder that 1C writes into.',
    name: 'Name of the register',
    nameHint: 'For example: Register 1. If empty, the name of this computer is taken.',
    code: 'Pairing code',
    codeHint: '8 letters and digits',
    folder: 'Exchange folder with 1C',
    folderHint: '1C writes amount.json there',
    test: 'Test',
    testing: 'Testing…',
    testOk: 'The folder works: writing, reading and removing were done.',
    submit: 'Enrol',
    submitting: 'Enrolling…',
    done: (store, register) => `Enrolled: ${store} · ${register}`,
    nowEnrolled: (url) => `Enrolled with ${url} now.`,
  },

  settings: {
    title: 'Settings',
    pin: 'PIN',
    pinAsk: 'Enter the PIN of the administrator',
    pinOpen: 'Open',
    noPin: 'No PIN is set: anybody can open the settings. Set one under “Access”.',
    sections: {
      connection: 'Connection',
      exchange: 'Exchange with 1C',
      scanners: 'Camera and scanner',
      appearance: 'Look and sound',
      display: 'Customer display',
      access: 'Access',
      diagnostics: 'Diagnostics',
    },
    camera: 'Camera',
    cameraOff: 'Do not use',
    cameraDefault: 'Choose automatically',
    cameraUnnamed: (number) => `Camera ${formatWhole(number)}`,
    cameraKept: 'The choice is remembered on this computer.',
    scannerTest: 'Scanner test',
    scannerTestHint: 'Scan any card with the scanner or the camera: its code appears here.',
    scanned: (code) => `Read: ${code}`,
    language: 'Language',
    languages: { ru: 'Русский', en: 'English' },
    theme: 'Theme',
    themes: { light: 'Light', dark: 'Dark', system: 'As in Windows' },
    sound: 'Sound',
    motion: 'Motion on the screen',
    recent: 'Latest operations',
    recents: { folded: 'Folded', open: 'Open' },
    display: 'Where customers see their points',
    displays: { off: 'Nowhere', monitor: 'Second monitor', network: 'Tablet in the network' },
    displayHint:
      'Customers see a first name, points, what is to pay and what came. No card, no phone number, nothing of others.',
    displayLink: 'Open this link on the customer’s screen. It can only look.',
    displayCode: 'A code with the link of the customer display',
    displayFailed: (code) =>
      code === 'EADDRINUSE'
        ? 'Another program uses this port: choose another.'
        : `The customer display did not open: ${code}. The register works without it.`,
    noNetwork: 'This computer is in no network: connect it to that of the shop.',
    port: 'Port',
    portHint: 'The tablet must be in the same network of the shop. Windows asks for permission once.',
    notAPort: 'A port is a number from 1 to 65535.',
    brand: 'Name of the programme',
    colour: 'Colour of the programme',
    notAColour: 'A colour is # and six digits or letters from a to f.',
    newPin: 'New PIN',
    newPinHint: '4 to 8 digits',
    pinAgain: 'Once more',
    notAPin: 'A PIN is 4 to 8 digits.',
    pinsDiffer: 'The PINs differ: enter the same one twice.',
    setPin: 'Set a PIN',
    changePin: 'Change the PIN',
    pinChanged: 'The PIN is saved.',
    version: 'Version',
    register: 'Register',
    clock: 'Clock correction',
    clockValue: (seconds) => `${formatWhole(seconds)} s`,
    clockUnknown: 'not measured yet',
    writeDiagnostics: 'Write a diagnostics file',
    diagnosticsWritten: (path) => `Written: ${path}`,
  },

  camera: {
    starting: 'Starting the camera…',
    off: 'The camera is off in the settings',
    denied: 'Windows does not allow the camera: check the permissions.',
    missing: 'No camera was found. Type the number or use a scanner.',
    unplugged: 'The camera was unplugged: check the cable.',
    busy: 'Another program uses the camera: close it.',
    failed: 'The camera does not work. Type the number or use a scanner.',
    preview: 'Picture of the camera',
    nextCustomer: 'The next customer may show a card',
    showCode: 'Show the code from Telegram',
  },
}
