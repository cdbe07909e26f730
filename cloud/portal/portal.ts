import { createContext, useContext } from 'react'
import { createStore, useStore } from 'zustand'
import { advertisingVersion, consentVersion, type Operator } from '../../shared/consent.ts'
import { languageOf } from '../../shared/language.ts'
import type { ChangeMe, ExpiryDay, HeardHistoryItem, HeardMe, Language } from '../../shared/me.ts'
import type { HeardMyVoucher } from '../../shared/myVoucher.ts'
import type { HeardMyReferral } from '../../shared/referral.ts'
import type { Instant } from '../../shared/time.ts'
import { type CloudApi, isFinal, Problem, type ProblemCode, Stranger } from './cloudApi.ts'
import { textsOf } from './language.ts'
import type { Bridge } from './telegram/bridge.ts'
import { type Launch, languageCodeOf } from './telegram/launch.ts'
import type { Texts } from './texts.ts'

type View =
  | { kind: 'loading' }
  | { kind: 'stranger'; chainName: string; operator: Operator; asksAdvertising: boolean }
  | { kind: 'customer'; me: HeardMe; asOf: Instant }
  | { kind: 'erased' }
  | { kind: 'problem'; code: ProblemCode }

interface PortalState {
  view: View
  language: Language
  /** What went wrong while what is shown stayed true. */
  trouble: ProblemCode | null
  history: { items: HeardHistoryItem[]; next: string | null } | null
  expiry: ExpiryDay[] | null
  referral: HeardMyReferral | null
  vouchers: HeardMyVoucher[] | null
}

export type Portal = ReturnType<typeof createPortal>

/** What the cloud says of the person, mirrored; and what they ask of it. */
export function createPortal({ line, bridge, launch }: { line: CloudApi; bridge: Bridge; launch: Launch }) {
  const store = createStore<PortalState>(() => ({
    view: { kind: 'loading' },
    language: languageOf(languageCodeOf(launch)),
    trouble: null,
    history: null,
    expiry: null,
    referral: null,
    vouchers: null,
  }))

  function showMe(me: HeardMe) {
    const { view } = store.getState()
    if (view.kind === 'customer' && view.me.available !== me.available) {
      bridge.say('web_app_trigger_haptic_feedback', { type: 'notification', notification_type: 'success' })
    }
    store.setState({
      view: { kind: 'customer', me, asOf: Date.now() },
      language: languageOf(me.language),
      trouble: null,
    })
  }

  /** Null where it failed; then the screen says so already. */
  async function ask<Reply>(question: () => Promise<Reply>): Promise<Reply | null> {
    try {
      const reply = await question()
      store.setState({ trouble: null })
      return reply
    } catch (error) {
      showFailure(error)
      return null
    }
  }

  function showFailure(error: unknown) {
    if (error instanceof Stranger) {
      const { chainName, operator, advertisingVersion: asked } = error.toAgree
      store.setState({
        view: operator
          ? { kind: 'stranger', chainName, operator, asksAdvertising: asked !== undefined }
          : { kind: 'problem', code: 'registration_closed' },
        trouble: null,
        history: null,
        expiry: null,
        referral: null,
        vouchers: null,
      })
      return
    }
    const code = error instanceof Problem ? error.code : 'failed'
    const { kind } = store.getState().view
    if (isFinal(code) || kind === 'loading' || kind === 'erased')
      store.setState({ view: { kind: 'problem', code }, trouble: null })
    else store.setState({ trouble: code })
  }

  const actions = {
    /** Whether the cloud answered. */
    async load(): Promise<boolean> {
      if (store.getState().view.kind === 'problem') store.setState({ view: { kind: 'loading' } })
      const me = await ask(line.me)
      if (me) showMe(me)
      return me !== null
    },
    async agree({ isAdvertisingWanted }: { isAdvertisingWanted: boolean }) {
      const { language } = store.getState()
      const besides = isAdvertisingWanted ? { advertisingVersion } : {}
      const me = await ask(() => line.agree({ consentVersion, language, ...besides }))
      if (!me) return
      bridge.say('web_app_trigger_haptic_feedback', { type: 'notification', notification_type: 'success' })
      showMe(me)
    },
    async change(change: ChangeMe) {
      const me = await ask(() => line.change(change))
      if (me) showMe(me)
    },
    /** Before they are a customer it is kept here only. */
    speak: (language: Language) => store.setState({ language }),
    async erase(): Promise<boolean> {
      const erased = await ask(line.erase)
      if (erased)
        store.setState({
          ...{ view: { kind: 'erased' }, history: null, expiry: null, referral: null, vouchers: null },
        })
      return erased !== null
    },
    async code() {
      try {
        return await line.code()
      } catch (error) {
        const isTold = error instanceof Problem && !isFinal(error.code)
        if (!isTold) showFailure(error)
        throw error
      }
    },
    async loadHistory() {
      const page = await ask(() => line.history(null))
      if (page) store.setState({ history: page })
    },
    async loadMoreHistory() {
      const { history } = store.getState()
      if (!history?.next) return
      const page = await ask(() => line.history(history.next))
      if (page) store.setState({ history: { items: [...history.items, ...page.items], next: page.next } })
    },
    async loadReferral() {
      const referral = await ask(line.referral)
      if (referral) store.setState({ referral })
    },
    async loadVouchers() {
      const reply = await ask(line.vouchers)
      if (reply) store.setState({ vouchers: reply.vouchers })
    },
    async loadExpiry() {
      const calendar = await ask(line.expiry)
      if (calendar) store.setState({ expiry: calendar.days })
    },
  }
  return { store, bridge, ...actions }
}

export const PortalContext = createContext<Portal | null>(null)

export function usePortal(): Portal {
  const portal = useContext(PortalContext)
  if (!portal) throw new Error('outside of the portal')
  return portal
}

export function usePortalState<Part>(select: (state: PortalState) => Part): Part {
  return useStore(usePortal().store, select)
}

export function useTexts(): Texts {
  return textsOf(usePortalState(({ language }) => language))
}
