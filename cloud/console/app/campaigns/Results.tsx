import { FEWEST_PEOPLE } from '../../../../shared/campaigns/effect.ts'
import type { CampaignReply, CampaignResults } from '../../../../shared/console/campaigns.ts'
import { useFormats } from '../format.ts'
import { Figure } from '../kit/Figure.tsx'
import { usePlace } from '../kit/place.ts'
import { Shown } from '../kit/Shown.tsx'
import { type Column, Table } from '../kit/Table.tsx'
import { useReading } from '../reading.ts'
import { useWords } from '../words.ts'
import { campaignWords } from './words.ts'

interface Row extends Pick<CampaignResults['audience'], 'people' | 'buyers' | 'purchases' | 'kopecks'> {
  name: string
}

/** Whom a campaign reached, what that cost, and what it brought against those whom it left out. */
export function Results({ campaign: { name } }: { campaign: CampaignReply['campaign'] }) {
  const texts = useWords(campaignWords)
  const formats = useFormats()
  const { programme } = usePlace()
  const read = useReading<CampaignResults>(`/v1/console/campaigns/${name}/results`, { programme })
  const columns: Column<Row>[] = [
    { name: 'name', title: texts.group, isWide: true, cell: ({ name }) => name },
    { name: 'people', title: texts.people, isNumber: true, cell: ({ people }) => formats.whole(people) },
    {
      name: 'buyers',
      title: texts.buyers,
      isNumber: true,
      cell: ({ buyers, people }) =>
        people === 0 ? '—' : `${formats.whole(buyers)} · ${formats.percent((buyers / people) * 10_000)}`,
    },
    {
      name: 'purchases',
      title: texts.purchases,
      isNumber: true,
      cell: ({ purchases }) => formats.whole(purchases),
    },
    { name: 'money', title: texts.money, isNumber: true, cell: ({ kopecks }) => formats.roubles(kopecks) },
    {
      name: 'each',
      title: texts.each,
      isNumber: true,
      cell: ({ kopecks, people }) => (people === 0 ? '—' : <b>{formats.roubles(kopecks / people)}</b>),
    },
  ]
  return (
    <section className="stack" aria-label={texts.results}>
      <h2 className="part">{texts.results}</h2>
      <Shown of={read} lines={5}>
        {({
          reached,
          heldOut,
          gifts,
          messages,
          rulePoints,
          returnedPoints,
          spentPoints,
          audience,
          holdout,
          effect,
          asOf,
        }) =>
          reached + heldOut === 0 ? (
            <p className="note">{texts.soon}</p>
          ) : (
            <>
              <div className="lift card" data-verdict={effect.verdict}>
                <strong>
                  {effect.verdict === 'too_early'
                    ? texts.lift.too_early
                    : texts.lift[effect.verdict](formats.roubles(Math.abs(effect.kopecksEach)))}
                </strong>
                <span>
                  {heldOut === 0
                    ? texts.nobodyHeldOut
                    : Math.min(reached, heldOut) < FEWEST_PEOPLE
                      ? texts.fewPeople
                      : effect.verdict === 'too_early'
                        ? texts.earlyText(signedRoubles(effect.from), signedRoubles(effect.to))
                        : texts.liftText(...inOrder(effect))}
                </span>
              </div>
              <div className="figures">
                <Figure title={texts.reached} value={formats.whole(reached)}>
                  {heldOut > 0 && texts.reachedText(formats.whole(heldOut), heldOut)}
                </Figure>
                <Figure title={texts.given} value={formats.whole(gifts.points + rulePoints)}>
                  {texts.givenText(formats.whole(gifts.points), formats.whole(rulePoints))}
                  {gifts.waiting > 0 && (
                    <div>{texts.giftsWait(formats.whole(gifts.waiting), gifts.waiting)}</div>
                  )}
                </Figure>
                <Figure title={texts.returned} value={formats.whole(returnedPoints)}>
                  {texts.returnedText}
                </Figure>
                <Figure title={texts.spent} value={formats.whole(spentPoints)}>
                  {texts.spentText}
                </Figure>
              </div>
              <Table
                label={texts.groups}
                columns={columns}
                rows={[
                  { ...audience, name: texts.inIt },
                  ...(heldOut > 0 ? [{ ...holdout, name: texts.outOfIt }] : []),
                ]}
                keyOf={({ name }) => name}
              />
              <Messages of={messages} />
              <p className="soft">{texts.asOf(formats.moment(asOf))}</p>
            </>
          )
        }
      </Shown>
    </section>
  )

  function signedRoubles(kopecks: number): string {
    return `${kopecks > 0 ? '+' : ''}${formats.roubles(kopecks)}`
  }
  function inOrder({ from, to }: CampaignResults['effect']): [string, string] {
    const ends = [Math.abs(from), Math.abs(to)].sort((one, other) => one - other)
    return [formats.roubles(ends[0] ?? 0), formats.roubles(ends[1] ?? 0)]
  }
}

const fates = [
  ...(['sent', 'waiting', 'noConsent', 'noTelegram', 'blocked', 'overLimit'] as const),
  ...(['noGift', 'gone', 'ended', 'failed'] as const),
]

/** How many its message has reached, and why not the others. */
function Messages({ of: messages }: { of: CampaignResults['messages'] }) {
  const texts = useWords(campaignWords)
  const { whole } = useFormats()
  const told = fates.flatMap((fate) =>
    messages[fate] > 0 ? [`${texts.fates[fate]} ${whole(messages[fate])}`] : [],
  )
  if (told.length === 0) return null
  return (
    <p>
      {texts.messages}: {told.join(', ')}
    </p>
  )
}
