import { createContext, useContext, useEffect, useState } from 'react'
import { createStore, useStore } from 'zustand'
import type { CommandName, CommandRefusal, CommandReply, RegisterApi, Snapshot } from '../../shared/bridge.ts'
import type { LinkedRegister } from './bridge.ts'
import { textsOf } from './language.ts'
import type { Texts } from './texts.ts'

export type Panel = 'none' | 'queue' | 'settings' | 'returns' | 'join'

interface ScreenState {
  snapshot: Snapshot
  /** Whether the register is there to answer. */
  isUp: boolean
  refusal: { code: CommandRefusal; number: number } | null
  panel: Panel
}

export type Screen = ReturnType<typeof createScreen>

/** What the register says, mirrored; and the little that only the screen knows. */
export function createScreen({ api, watchLink }: LinkedRegister) {
  const store = createStore<ScreenState>(() => ({
    snapshot: api.snapshot(),
    isUp: true,
    refusal: null,
    panel: 'none',
  }))
  let isAsking = false
  let refusals = 0

  api.subscribe((snapshot) => store.setState({ snapshot }))
  // What changed between the first look and the subscription.
  store.setState({ snapshot: api.snapshot() })
  watchLink((isUp) => store.setState({ isUp }))

  function refuse(code: CommandRefusal): void {
    store.setState({ refusal: { code, number: ++refusals } })
  }

  /** One tap, one command: a second tap while the first is on its way is the same tap. */
  async function ask<K extends CommandName>(
    command: (api: RegisterApi) => Promise<CommandReply<K>>,
  ): Promise<CommandReply<K> | null> {
    if (isAsking) return null
    isAsking = true
    return await look(command).finally(() => {
      isAsking = false
    })
  }

  /** Asks for what moves nothing: no tap has to wait for it, nor it for a tap, and a later one may overtake it. */
  async function look<K extends CommandName>(
    command: (api: RegisterApi) => Promise<CommandReply<K>>,
  ): Promise<CommandReply<K> | null> {
    store.setState({ refusal: null })
    try {
      const reply = await command(api)
      if (!reply.ok) refuse(reply.code)
      return reply
    } catch {
      refuse('failed')
      return null
    }
  }

  return {
    store,
    ask,
    look,
    /** A failure is not told: the screen has asked, and not a person. */
    async peek<K extends CommandName>(
      command: (api: RegisterApi) => Promise<CommandReply<K>>,
    ): Promise<CommandReply<K> | null> {
      return await command(api).catch(() => null)
    },
    /** A card was shown or typed; whatever else is open gives way to it. */
    findCustomer(code: string): void {
      store.setState({ panel: 'none', refusal: null })
      api.findCustomer({ code }).then(
        (reply) => {
          if (!reply.ok) refuse(reply.code)
        },
        () => refuse('failed'),
      )
    },
    show: (panel: Panel) => store.setState({ panel, refusal: null }),
    forgetRefusal: () => store.setState({ refusal: null }),
  }
}

export const ScreenContext = createContext<Screen | null>(null)

export function useScreen(): Screen {
  const screen = useContext(ScreenContext)
  if (!screen) throw new Error('There is no screen around this component.')
  return screen
}

export function useScreenState<T>(select: (state: ScreenState) => T): T {
  return useStore(useScreen().store, select)
}

export function useSnapshot<T>(select: (snapshot: Snapshot) => T): T {
  return useScreenState(({ snapshot }) => select(snapshot))
}

export function useTexts(): Texts {
  return textsOf(useSnapshot(({ preferences }) => preferences.language))
}

/** The time, as often as a shown age or countdown needs it. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
