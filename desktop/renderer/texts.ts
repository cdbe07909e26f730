import * as amount from './texts/amount.ts'
import * as camera from './texts/camera.ts'
import * as common from './texts/common.ts'
import * as customer from './texts/customer.ts'
import * as enrol from './texts/enrol.ts'
import * as failed from './texts/failed.ts'
import * as failures from './texts/failures.ts'
import * as header from './texts/header.ts'
import * as idle from './texts/idle.ts'
import * as join from './texts/join.ts'
import * as notices from './texts/notices.ts'
import * as numbers from './texts/numbers.ts'
import * as processing from './texts/processing.ts'
import * as queue from './texts/queue.ts'
import * as ready from './texts/ready.ts'
import * as recent from './texts/recent.ts'
import * as refusals from './texts/refusals.ts'
import * as returns from './texts/returns.ts'
import * as settings from './texts/settings.ts'
import * as success from './texts/success.ts'
import * as update from './texts/update.ts'
import * as voucher from './texts/voucher.ts'

/** Every word of the screen: a file of texts/ for each part of it, whose English has the keys of its Russian by type. */
export const russian = {
  ...amount.russian,
  ...camera.russian,
  ...common.russian,
  ...customer.russian,
  ...enrol.russian,
  ...failed.russian,
  ...failures.russian,
  ...header.russian,
  ...idle.russian,
  ...join.russian,
  ...notices.russian,
  ...numbers.russian,
  ...processing.russian,
  ...queue.russian,
  ...ready.russian,
  ...recent.russian,
  ...refusals.russian,
  ...returns.russian,
  ...settings.russian,
  ...success.russian,
  ...update.russian,
  ...voucher.russian,
}
export type Texts = typeof russian

export const english: Texts = {
  ...amount.english,
  ...camera.english,
  ...common.english,
  ...customer.english,
  ...enrol.english,
  ...failed.english,
  ...failures.english,
  ...header.english,
  ...idle.english,
  ...join.english,
  ...notices.english,
  ...numbers.english,
  ...processing.english,
  ...queue.english,
  ...ready.english,
  ...recent.english,
  ...refusals.english,
  ...returns.english,
  ...settings.english,
  ...success.english,
  ...update.english,
  ...voucher.english,
}
