import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { VoucherBatchRow } from '../../../../shared/console/vouchers.ts'
import { useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Chip, Facts, Panel, Time } from '../kit/Page.tsx'
import { Who } from '../kit/Who.tsx'
import { kitWords } from '../kit/words.ts'
import { useChoices } from '../segments/choices.ts'
import { useMay } from '../session.ts'
import { useWords } from '../words.ts'
import { CodesOnce } from './CodesOnce.tsx'
import { termWords, toneOfBatch } from './terms.ts'
import { VoidDialog } from './VoidDialog.tsx'
import { voucherWords } from './words.ts'

/** The terms of a batch, what became of its codes, and what may be done with it. */
export function BatchPanel({ batch, onClose }: { batch: VoucherBatchRow; onClose: () => void }) {
  const texts = useWords(voucherWords)
  const said = useWords(termWords)
  const { close } = useWords(kitWords)
  const formats = useFormats()
  const { ids: stores } = useChoices()
  const may = useMay()
  const [deed, setDeed] = useState<'take' | 'void' | null>(null)
  const [isTaken, setIsTaken] = useState(false)
  const { id, terms, state, codes, used, usedCodes, held, voided, exportedAt, voidedAt } = batch
  const facts: [string, ReactNode][] = [
    [
      texts.state,
      <Chip key="s" tone={toneOfBatch[state]}>
        {texts.states[state]}
      </Chip>,
    ],
    [texts.gives, said.gives(terms)],
    [texts.conditions, said.conditions(terms).join(', ') || texts.noConditions],
    [texts.audience, <Audience key="a" of={batch} />],
    [texts.codes, formats.whole(codes)],
    [texts.used, used > 0 ? texts.usedOf(formats.whole(used), formats.whole(usedCodes)) : formats.whole(0)],
    [texts.given, formats.rouble(batch.givenKopecks)],
    [texts.refund, texts.refunds[terms.on_refund]],
  ]
  if (terms.stores)
    facts.push([
      texts.stores,
      terms.stores.map((id) => stores.find(({ value }) => value === String(id))?.title ?? id).join(', '),
    ])
  if (terms.uses_per_code > 1) facts.push([texts.uses, formats.whole(terms.uses_per_code)])
  if (terms.uses_per_customer) facts.push([texts.perCustomer, formats.whole(terms.uses_per_customer)])
  if (held > 0) facts.push([texts.held, formats.whole(held)])
  if (voided > 0) facts.push([texts.voided, formats.whole(voided)])
  facts.push(
    [texts.made, <When key="m" at={batch.createdAt} who={batch.createdBy} />],
    [
      texts.exported,
      exportedAt ? (
        <When key="e" at={exportedAt} who={batch.exportedBy} />
      ) : (
        <span key="e">{texts.notExported}</span>
      ),
    ],
  )
  if (voidedAt)
    facts.push([
      texts.voidedAt,
      <span key="v">
        <Time at={voidedAt} />, {batch.voidReason}
      </span>,
    ])
  const mayTake = exportedAt === null && state !== 'void' && may('voucher export')
  const mayVoid = state !== 'void' && may('voucher void')
  return (
    <Panel title={texts.one(id, batch.title)} close={close} onClose={onClose}>
      <Facts facts={facts} />
      {(mayTake || mayVoid) && (
        <div className="actions">
          {mayTake && (
            <button type="button" className="main" onClick={() => setDeed('take')}>
              {texts.take}
            </button>
          )}
          {mayVoid && (
            <button type="button" onClick={() => setDeed('void')}>
              {texts.voidBatch}
            </button>
          )}
        </div>
      )}
      {deed === 'take' && (
        <ActDialog
          act="voucher.export"
          title={texts.take}
          submit={texts.take}
          input={{ batch: id }}
          told={(exported) => (
            <CodesOnce exported={exported} isTaken={isTaken} onTaken={() => setIsTaken(true)} />
          )}
          isUntaken={!isTaken}
          onClose={() => setDeed(null)}
        >
          <p>{texts.takeText}</p>
        </ActDialog>
      )}
      {deed === 'void' && <VoidDialog batch={id} onClose={() => setDeed(null)} />}
    </Panel>
  )
}

function When({ at, who }: { at: string; who: string | null }) {
  return (
    <span>
      <Time at={at} /> {who && <Who who={who} />}
    </span>
  )
}

function Audience({ of: { audience } }: { of: VoucherBatchRow }) {
  const texts = useWords(voucherWords)
  const { segment } = audience
  return (
    <span>
      {texts.audiences[audience.type] ?? audience.type}
      {typeof segment === 'string' && (
        <>
          {': '}
          <Link to="/segments" search={{ open: segment }}>
            {segment}
          </Link>
        </>
      )}
    </span>
  )
}
