import { describe, expect, it } from 'vitest'
import { findCircles, findOffences } from './directions.ts'

const offences = (path: string, text: string) => findOffences({ path, text })

describe('import directions', () => {
  it.each([
    ['shared/money.ts', `import { z } from 'zod'\nimport { a } from './card.ts'`],
    ['shared/money.test.ts', `import fc from 'fast-check'\nimport { it } from 'vitest'`],
    ['cloud/app.ts', `import { a } from '../shared/money.ts'\nimport { Hono } from 'hono'`],
    ['desktop/register/sync/send.ts', `import { a } from '../../../shared/api.ts'`],
    ['cloud/fleet/e2e/fleet.e2e.ts', `import { test } from '../../../desktop/e2e/shop.ts'`],
    ['desktop/register/crash.db.test.ts', `import { a } from '../../cloud/testing/cloud.ts'`],
    ['desktop/main/main.ts', `import { app } from 'electron'`],
    ['cloud/config.ts', `const home = process.env.HOME`],
    ['cloud/insight/facts/read.ts', `import { a } from '../../ledger/rows.ts'`],
    ['cloud/admin/stores.ts', `import { perform } from '../acts/act.ts'`],
    ['cloud/feed/feed.db.test.ts', `import { post } from '../ledger/post.ts'`],
    ['cloud/main.ts', `const config = readConfig(process.env)`],
    ['cloud/app.test.ts', `const path = process.env.PATH`],
    ['cloud/app.ts', `// process.env is read elsewhere\n/* import '../desktop/x.ts' */`],
    ['shared/operation.ts', `export const kinds = ['earn', 'redeem']\nexport type Kind = 'earn'`],
    ['desktop/main/main.ts', `// import x from '../../cloud/app.ts'`],
  ])('let %s have: %s', (path, text) => {
    expect(offences(path, text)).toEqual([])
  })

  it.each([
    ['shared/money.ts', `import { a } from '../cloud/app.ts'`, 'shared imports zod and itself'],
    ['shared/money.ts', `import { readFile } from 'node:fs/promises'`, 'shared imports zod and itself'],
    ['shared/money.ts', `import fc from 'fast-check'`, 'shared imports zod and itself'],
    [
      'cloud/app.ts',
      `import {\n  a,\n  b,\n} from '../desktop/register/register.ts'`,
      'cloud never imports desktop',
    ],
    [
      'cloud/app.ts',
      `import type { A } from '../desktop/register/register.ts'`,
      'cloud never imports desktop',
    ],
    ['cloud/insight/facts/reader.ts', `import { post } from '../../ledger/post.ts'`, 'only the ledger moves'],
    [
      'cloud/feed/reader.ts',
      `import { writeBatch } from '../ledger/write.ts'`,
      'only the ledger moves points',
    ],
    [
      'cloud/insight/rfm.ts',
      `import { postEach } from '../jobs/postEach.ts'`,
      'only the ledger moves points',
    ],
    ['cloud/acts/stores.ts', `import { a } from '../admin/print.ts'`, 'an act knows nothing of the ways'],
    ['desktop/main/main.ts', `import * as cloud from '../../cloud/app.ts'`, 'desktop never imports cloud'],
    ['desktop/main/main.ts', `export { a } from '../../cloud/app.ts'`, 'desktop never imports cloud'],
    ['desktop/main/main.ts', `const a = await import('../../cloud/app.ts')`, 'desktop never imports cloud'],
    ['desktop/register/register.ts', `import { app } from 'electron'`, 'the register knows no Electron'],
    ['desktop/register/register.ts', `import 'electron/main'`, 'the register knows no Electron'],
    ['desktop/renderer/App.tsx', `import { a } from '../../shared/money.ts'`, 'a screen computes nothing'],
    [
      'desktop/renderer/ui/X.tsx',
      `import { a } from '../../../shared/rules/quote.ts'`,
      'a screen computes nothing',
    ],
    [
      'shared/rules/quote.ts',
      `import { newId } from '../id.ts'`,
      'rules know money, goods, codes and moments',
    ],
    ['cloud/app.ts', `import { a } from '../build/dump.ts'`, 'the product never imports build scripts'],
    ['cloud/app.ts', `const { HOME } = process.env`, 'only cloud/config.ts does'],
    ['desktop/register/register.ts', `const home = process.env.HOME`, 'only cloud/config.ts does'],
  ])('refuse %s: %s', (path, text, reason) => {
    expect(offences(path, text)).toEqual([expect.stringContaining(reason)])
  })
})

describe('circles between the rooms of a house', () => {
  const circles = (files: Record<string, string>) =>
    findCircles(Object.entries(files).map(([path, text]) => ({ path, text })))

  it('are told with the imports that make them', () => {
    const found = circles({
      'cloud/http/context.ts': `import type { Queue } from '../ledger/queue.ts'`,
      'cloud/ledger/queue.ts': `import { isOutage } from '../database/outage.ts'`,
      'cloud/ledger/routes/parked.ts': `import { paced } from '../../http/auth.ts'`,
    })
    expect(found).toEqual([
      'a circle of rooms, http → ledger → http: cloud/http/context.ts imports cloud/ledger/queue.ts; ' +
        'cloud/ledger/routes/parked.ts imports cloud/http/auth.ts',
    ])
  })

  it('are found by way of other rooms, and of a file that is in none', () => {
    const found = circles({
      'cloud/jobs/schedule.ts': `import { chatOf } from '../fleet/chat.ts'`,
      'cloud/fleet/chat.ts': `import { config } from '../config.ts'`,
      'cloud/config.ts': `export { job } from './jobs/job.ts'`,
    })
    expect(found).toEqual([expect.stringContaining('config.ts → jobs → fleet → config.ts')])
  })

  it('are found in the register too, and not between the houses', () => {
    const found = circles({
      'desktop/register/sync/sync.ts': `import type { Outbox } from '../outbox/outbox.ts'`,
      'desktop/register/outbox/outbox.ts': `import { mayWait } from '../sync/waits.ts'`,
      'desktop/main/main.ts': `import { startRegister } from '../register/start.ts'`,
    })
    expect(found).toEqual([expect.stringContaining('a circle of rooms, outbox → sync → outbox')])
  })

  it('are none where rooms only share what they import, or only a test looks back', () => {
    const found = circles({
      'cloud/people/join.ts': `import { post } from '../ledger/post.ts'\nimport { sql } from '../database/connect.ts'`,
      'cloud/ledger/post.ts': `import { sql } from '../database/connect.ts'\nimport { book } from './book.ts'`,
      'cloud/ledger/post.db.test.ts': `import { join } from '../people/join.ts'`,
      'cloud/ledger/testing/makers.ts': `import { join } from '../../people/join.ts'`,
    })
    expect(found).toEqual([])
  })
})
