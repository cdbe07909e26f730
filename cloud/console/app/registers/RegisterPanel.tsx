import { useState } from 'react'
import type { RegisterDetail, Registers } from '../../../../shared/console/places.ts'
import { useFormats } from '../format.ts'
import { Chip, Facts, Panel, Time } from '../kit/Page.tsx'
import { Shown } from '../kit/Shown.tsx'
import { kitWords } from '../kit/words.ts'
import { useReading } from '../reading.ts'
import { useMay, useSession } from '../session.ts'
import { actWords } from '../staffWords.ts'
import { useWords } from '../words.ts'
import { type Deed, RegisterDeed } from './RegisterDeed.tsx'
import { registerWords } from './words.ts'

export type Register = Registers['registers'][number]

export const PATH = '/v1/console/registers'

export function State({ of: { revokedAt, isSilent, concerns, lastSeenAt } }: { of: Register }) {
  const texts = useWords(registerWords)
  if (revokedAt) return <Chip>{texts.revoked}</Chip>
  if (concerns.length > 0) return <Chip tone="bad">{texts.concerned}</Chip>
  if (lastSeenAt === null) return <Chip>{texts.never}</Chip>
  if (isSilent) return <Chip tone="warn">{texts.silent}</Chip>
  return <Chip tone="good">{texts.good}</Chip>
}

/** What is known of one till, and all that can be done about it. */
export function RegisterPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const texts = useWords(registerWords)
  const { close } = useWords(kitWords)
  const detail = useReading<RegisterDetail>(`${PATH}/${encodeURIComponent(id)}`)
  return (
    <Panel
      title={detail.data ? `${detail.data.store.name} · ${detail.data.name}` : texts.name}
      close={close}
      onClose={onClose}
    >
      <Shown of={detail}>
        {(register) => (
          <>
            <Known of={register} />
            <Deeds of={register} />
          </>
        )}
      </Shown>
    </Panel>
  )
}

function Known({ of: register }: { of: RegisterDetail }) {
  const texts = useWords(registerWords)
  const acts = useWords(actWords)
  const formats = useFormats()
  const { readings } = useSession()
  const whole = (count: number | null) => (count === null ? '—' : formats.whole(count))
  const { update, clockOffsetMs, operations, codeUntil, diagnosticsAskedAt } = register
  return (
    <>
      <Facts
        facts={[
          [texts.state, <State key="s" of={register} />],
          [texts.seen, <Time key="t" at={register.lastSeenAt} />],
          [texts.version, register.version ?? '—'],
          [texts.channel, texts.channels[register.channel] ?? register.channel],
          [
            texts.update,
            update
              ? [texts.updates[update.state] ?? update.state, update.version, update.problem]
                  .filter(Boolean)
                  .join(', ')
              : '—',
          ],
          [texts.queue, whole(register.queueDepth)],
          [texts.parked, whole(register.parked)],
          [
            texts.clock,
            clockOffsetMs === null ? '—' : texts.clockOff(formats.signed(Math.round(clockOffsetMs / 1000))),
          ],
          [texts.operations, `${formats.whole(operations.day)} / ${formats.whole(operations.week)}`],
          ...(codeUntil ? [[texts.codeUntil, formats.moment(codeUntil)] as [string, string]] : []),
          ...(diagnosticsAskedAt
            ? [[texts.asked, formats.moment(diagnosticsAskedAt)] as [string, string]]
            : []),
        ]}
      />
      <Lines
        title={texts.concerns}
        lines={register.concerns.map((concern) => texts.concernsOf[concern] ?? concern)}
      />
      <Lines
        title={texts.errors}
        lines={register.errors.map(({ at, text }) => `${formats.moment(at)} ${text}`)}
      />
      {readings.includes('fleet') && register.files.length > 0 && (
        <div>
          <h3>{texts.files}</h3>
          <ul className="plain">
            {register.files.map(({ id, receivedAt, bytes }) => (
              <li key={id}>
                <a href={`/fleet/registers/${register.id}/diagnostics/${id}`} download>
                  {formats.moment(receivedAt)}
                </a>{' '}
                <span className="soft">{texts.kilobytes(Math.ceil(bytes / 1024))}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Lines
        title={texts.changes}
        lines={register.changes.map(
          ({ at, who, action }) => `${formats.moment(at)} · ${acts[action] ?? action} · ${who}`,
        )}
      />
    </>
  )
}

function Deeds({ of: register }: { of: RegisterDetail }) {
  const texts = useWords(registerWords)
  const may = useMay()
  const [deed, setDeed] = useState<Deed | null>(null)
  const hasKey = register.revokedAt === null
  const deeds: [Deed, boolean][] = [
    ['code', may('register code')],
    ['channel', may('register channel')],
    ['diagnostics', may('register diagnostics') && hasKey && register.diagnosticsAskedAt === null],
    ['revoke', may('register revoke') && hasKey],
  ]
  return (
    <div className="actions">
      {deeds.map(
        ([name, isOffered]) =>
          isOffered && (
            <button key={name} type="button" onClick={() => setDeed(name)}>
              {texts.deeds[name]}
            </button>
          ),
      )}
      {deed && <RegisterDeed deed={deed} register={register} onClose={() => setDeed(null)} />}
    </div>
  )
}

function Lines({ title, lines }: { title: string; lines: string[] }) {
  if (lines.length === 0) return null
  return (
    <div>
      <h3>{title}</h3>
      <ul className="plain">
        {lines.slice(0, 6).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  )
}
