import { useState } from 'react'
import { useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Field } from '../kit/Field.tsx'
import { useWords } from '../words.ts'
import type { Register } from './RegisterPanel.tsx'
import { registerWords } from './words.ts'

export type Deed = 'code' | 'channel' | 'diagnostics' | 'revoke'

const channels = ['stable', 'beta'] as const
type Channel = (typeof channels)[number]

/** One of the acts on a till, with what will happen said before it does. */
export function RegisterDeed(wanted: { deed: Deed; register: Register; onClose: () => void }) {
  const { deed, register, onClose } = wanted
  const { id, name, store, revokedAt, queueDepth } = register
  const texts = useWords(registerWords)
  const [channel, setChannel] = useState(register.channel)
  const common = { title: `${texts.deeds[deed]}: ${store.name} · ${name}`, onClose }
  switch (deed) {
    case 'code':
      return (
        <ActDialog
          {...common}
          act="register.code"
          input={{ register: id }}
          submit={texts.makeCode}
          told={(told) => <CodeOnce of={told} />}
        >
          <p>{revokedAt === null ? texts.codeText(store.name) : texts.codeRevoked(store.name)}</p>
        </ActDialog>
      )
    case 'channel':
      return (
        <ActDialog
          {...common}
          act="register.channel"
          input={{ register: id, channel: channel as Channel }}
          submit={texts.save}
        >
          <Field
            title={texts.channel}
            hint={texts.channelText}
            value={channel}
            choices={channels.map((value) => ({ value, title: texts.channels[value] ?? value }))}
            onChange={setChannel}
          />
        </ActDialog>
      )
    case 'diagnostics':
      return (
        <ActDialog {...common} act="register.diagnostics" input={{ register: id }} submit={texts.ask}>
          <p>{texts.diagnosticsText}</p>
        </ActDialog>
      )
    case 'revoke':
      return (
        <ActDialog
          {...common}
          act="register.revoke"
          input={{ register: id }}
          submit={texts.deeds.revoke}
          isDangerous
        >
          <p>{texts.revokeText(queueDepth ?? 0)}</p>
        </ActDialog>
      )
  }
}

/** It is shown here once, and kept nowhere. */
export function CodeOnce({ of: { code, expiresAt } }: { of: { code: string; expiresAt: string } }) {
  const texts = useWords(registerWords)
  const { time } = useFormats()
  return (
    <>
      <div className="secret">
        <code>{code}</code>
      </div>
      <p>{texts.codeOnce(time(expiresAt))}</p>
    </>
  )
}
