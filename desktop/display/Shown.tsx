import type { Display, Done, Scene, Wallet } from '../../shared/display.ts'
import { formatWhole } from '../../shared/numbers.ts'
import { QrCode } from '../renderer/ui/QrCode.tsx'
import { type Texts, textsOf } from './texts.ts'

type SceneOf<T extends Scene['type']> = Extract<Scene, { type: T }>

/** Read from a metre away, and never touched. */
export function Shown({ display }: { display: Display }) {
  const { look, joinUrl, scene } = display
  const texts = textsOf(look.language)
  return (
    <main className="display" aria-live="polite" data-scene={scene.type}>
      <p className="brand">{look.brand}</p>
      <section className="scene">
        <SceneShown scene={scene} joinUrl={joinUrl} texts={texts} />
      </section>
    </main>
  )
}

function SceneShown({ scene, joinUrl, texts }: { scene: Scene; joinUrl: string | null; texts: Texts }) {
  switch (scene.type) {
    case 'frozen':
      return (
        <>
          <h1>{scene.isProgrammeFrozen ? texts.programmeFrozen : texts.frozen}</h1>
          <p>
            {scene.isProgrammeFrozen ? texts.programmeFrozenNext : texts.frozenNext(scene.supportContact)}
          </p>
        </>
      )
    case 'customer':
      return (
        <>
          <h1>{texts.hello(scene.firstName)}</h1>
          <Balance wallet={scene} texts={texts} />
        </>
      )
    case 'sale':
      return <Sale scene={scene} texts={texts} />
    case 'working':
      return <h1>{texts.working[scene.kind]}</h1>
    case 'failed':
      return (
        <>
          <h1>{texts.failed}</h1>
          <p>{(scene.hasVoucher ? texts.voucherFates : texts.fates)[scene.fate]}</p>
        </>
      )
    case 'done':
      return <DoneShown done={scene} texts={texts} />
    default:
      // A newer register may know scenes that are new here.
      return <Idle joinUrl={joinUrl} texts={texts} />
  }
}

function Idle({ joinUrl, texts }: { joinUrl: string | null; texts: Texts }) {
  return (
    <>
      <h1>{texts.welcome}</h1>
      {joinUrl && (
        <div className="join">
          <QrCode text={joinUrl} label={texts.joinCode} />
          <p>{texts.join}</p>
        </div>
      )}
    </>
  )
}

function Balance({ wallet: { available, expiresNext }, texts }: { wallet: Wallet; texts: Texts }) {
  if (available === null) return <p className="soft">{texts.balanceUnknown}</p>
  return (
    <div className="balance num">
      <p className="large">
        {formatWhole(available)} <small>{texts.onCard(available)}</small>
      </p>
      {expiresNext && (
        <p className="soft">{texts.until(texts.points(expiresNext.points), expiresNext.lastDay)}</p>
      )}
    </div>
  )
}

/** What the cashier can do next, with what each would cost and bring. */
function Sale({ scene, texts }: { scene: SceneOf<'sale'>; texts: Texts }) {
  const { redeem, voucher } = scene
  return (
    <>
      <h1>{texts.hello(scene.firstName)}</h1>
      <Balance wallet={scene} texts={texts} />
      {voucher && <p className="voucher">{texts.voucher(voucher.title)}</p>}
      <div className="choices num">
        {voucher ? (
          <WithVoucher voucher={voucher} redeem={redeem} texts={texts} />
        ) : (
          <WithoutVoucher scene={scene} texts={texts} />
        )}
      </div>
    </>
  )
}

/** A voucher is used either way: with points, or alone; where the two do not go together, it is one or the other. */
function WithVoucher({
  voucher: { alone, together },
  redeem,
  texts,
}: {
  voucher: NonNullable<SceneOf<'sale'>['voucher']>
  redeem: SceneOf<'sale'>['redeem']
  texts: Texts
}) {
  return (
    <>
      {together ? (
        <Option
          title={texts.voucherAnd(texts.points(together.points))}
          kopecks={together.paidKopecks}
          comes={together}
          texts={texts}
        />
      ) : (
        redeem && (
          <Option
            title={texts.spend(texts.points(redeem.points))}
            kopecks={redeem.paidKopecks}
            comes={redeem}
            texts={texts}
          />
        )
      )}
      <Option title={texts.onlyVoucher} kopecks={alone.paidKopecks} comes={alone} texts={texts} />
    </>
  )
}

function WithoutVoucher({ scene, texts }: { scene: SceneOf<'sale'>; texts: Texts }) {
  const { purchaseKopecks, earn, redeem } = scene
  return (
    <>
      {redeem && (
        <Option
          title={texts.spend(texts.points(redeem.points))}
          kopecks={redeem.paidKopecks}
          comes={redeem}
          texts={texts}
        />
      )}
      <Option
        title={redeem ? texts.onlyEarn : texts.toPay}
        kopecks={purchaseKopecks}
        comes={earn}
        texts={texts}
      />
    </>
  )
}

interface OptionProps {
  title: string
  kopecks: number
  comes: { earned: number; isSure: boolean }
  texts: Texts
}

function Option({ title, kopecks, comes: { earned, isSure }, texts }: OptionProps) {
  return (
    <div className="choice">
      <h2>{title}</h2>
      <p className="large">{texts.money(kopecks)}</p>
      {earned > 0 && <p className="soft">{texts.comes(earned, isSure)}</p>}
    </div>
  )
}

const voucherOf = (voucher: Done['voucher'], texts: Texts) =>
  voucher && (voucher.kopecks > 0 ? texts.money(voucher.kopecks) : voucher.title)

function DoneShown({ done, texts }: { done: Done; texts: Texts }) {
  const { kind, paidKopecks, spent, earned, repaid, available, debt, isQueued, isSure, voucher } = done
  const { points } = texts
  const isRefund = kind === 'refund'
  // A voucher of points takes nothing off the receipt.
  const isOff = kind !== 'redeem' || spent > 0 || voucher?.kopecks !== 0
  const rows: [boolean, string, string | undefined][] = [
    [paidKopecks !== null, texts.toPay, texts.money(paidKopecks ?? 0)],
    [voucher !== undefined, texts.voucherUsed, voucherOf(voucher, texts)],
    [!isRefund && spent > 0, texts.spent, points(spent)],
    [!isRefund && earned > 0, isQueued ? texts.willCome : texts.earned, texts.upTo(earned, isSure !== false)],
    [isRefund && spent < 0, texts.givenBack, points(-spent)],
    [isRefund && earned < 0, texts.taken, points(-earned)],
    [repaid > 0, texts.repaid, points(repaid)],
    [debt > 0, texts.debt, points(debt)],
    [available !== null, texts.nowOnCard, points(available ?? 0)],
  ]
  return (
    <>
      <h1>{texts.thanks[isOff ? kind : 'earn']}</h1>
      {isQueued && <p className="soft">{texts.queued[kind]}</p>}
      <dl className="lines num">
        {rows.map(
          ([isTold, name, value]) =>
            isTold && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </>
  )
}
