import type { ParkedOperation, Snapshot, WaitingOperation } from '../../../shared/bridge.ts'
import { known } from '../../../shared/known.ts'
import { formatCard, formatKopecks } from '../../../shared/numbers.ts'
import { reasonOf } from '../failure.ts'
import { useKeys } from '../keyboard.ts'
import { useNow, useScreen, useSnapshot, useTexts } from '../screen.ts'
import type { Texts } from '../texts.ts'
import { Icon } from '../ui/Icon.tsx'
import { Note } from '../ui/Note.tsx'
import './panel.css'

/** What was not sent yet, and what a person must decide. */
export function Queue() {
  const screen = useScreen()
  const texts = useTexts()
  const now = useNow(5000)
  const { cloud, waiting, parked, handedOver, notices } = useSnapshot((snapshot) => snapshot)
  const close = () => screen.show('none')
  useKeys({ escape: close })
  return (
    <div className="panel">
      <div className="panel-head">
        <h1>{texts.queue.title}</h1>
        <p className="panel-state num">{stateOf(cloud, texts, now)}</p>
        <button type="button" className="button" onClick={close}>
          {texts.common.close}
          <kbd>Esc</kbd>
        </button>
      </div>
      <div className="panel-body">
        {parked.length === 0 && cloud.queued === 0 && (
          <p className="panel-nothing">
            <Icon name="check" />
            {texts.queue.nothingParked}
          </p>
        )}
        {parked.length > 0 && (
          <>
            <h2>{texts.queue.parkedTitle}</h2>
            <p className="soft">{texts.queue.parkedHint}</p>
            <ul className="parked">
              {parked.map((operation) => (
                <Parked key={operation.id} operation={operation} now={now} />
              ))}
            </ul>
          </>
        )}
        {waiting.length > 0 && (
          <>
            <h2>{texts.queue.waitingTitle}</h2>
            <p className="soft">{texts.queue.waitingHint}</p>
            <ul className="parked">
              {waiting.map((operation) => (
                <li key={operation.id}>
                  <Facts operation={operation} now={now} />
                  <b className="chip warn">{texts.queue.states.waiting}</b>
                </li>
              ))}
            </ul>
            {cloud.queued > waiting.length && (
              <p className="soft num">{texts.queue.more(cloud.queued - waiting.length)}</p>
            )}
          </>
        )}
        {handedOver.length > 0 && (
          <>
            <h2>{texts.queue.handedOverTitle}</h2>
            <ul className="parked">
              {handedOver.map((operation) => (
                <li key={operation.id}>
                  <div>
                    <Facts operation={operation} now={now} />
                    <p className="soft num">{reasonOf(operation, texts)}</p>
                  </div>
                  <b className="chip calm">{texts.queue.states.handed_over}</b>
                </li>
              ))}
            </ul>
          </>
        )}
        {notices.length > 0 && (
          <>
            <h2>{texts.queue.noticesTitle}</h2>
            {notices.map(({ code, at, text }) => (
              <Note key={`${code}${at}${text}`} tone="warn">
                <b className="num">{texts.moment(at, now)}</b> {known(texts.notices, code)?.(text) ?? text}
              </Note>
            ))}
          </>
        )}
      </div>
    </div>
  )
}

function stateOf({ queued, oldestAt }: Snapshot['cloud'], { queue, age }: Texts, now: number): string {
  if (queued === 0) return queue.allSent
  return `${queue.waiting(queued)}, ${queue.oldest(age(now - (oldestAt ?? now)))}`
}

/** Which operation it is: what, whose, over how much, and when. */
function Facts({ operation, now }: { operation: WaitingOperation; now: number }) {
  const texts = useTexts()
  const { kind, at, card, firstName, purchaseKopecks, points } = operation
  const facts = [
    firstName ?? (card && texts.recent.card(formatCard(card))),
    purchaseKopecks !== null && formatKopecks(purchaseKopecks, texts.decimal),
    points !== null && texts.points(points),
    texts.moment(at, now),
  ]
  return (
    <p className="parked-what num">
      <b>{texts.queue.kind(kind)}</b>
      {['', ...facts.filter(Boolean)].join(' · ')}
    </p>
  )
}

function Parked({ operation, now }: { operation: ParkedOperation; now: number }) {
  const screen = useScreen()
  const texts = useTexts()
  const { id } = operation
  return (
    <li>
      <div>
        <Facts operation={operation} now={now} />
        <p className="parked-why num">{`${texts.queue.states.parked}: ${reasonOf(operation, texts)}`}</p>
      </div>
      <div className="buttons">
        <button
          type="button"
          className="button"
          onClick={() => screen.ask((api) => api.retryParked({ operationId: id }))}
        >
          {texts.queue.retry}
        </button>
        <button
          type="button"
          className="button"
          onClick={() => screen.ask((api) => api.handOverParked({ operationId: id }))}
        >
          {texts.queue.handOver}
        </button>
      </div>
    </li>
  )
}
