import { useState } from 'react'
import { ROLES } from '../../../../shared/staff.ts'
import { useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Checks, Field } from '../kit/Field.tsx'
import { kitWords } from '../kit/words.ts'
import { roleWords } from '../staffWords.ts'
import { useLanguage, useWords } from '../words.ts'
import { LimitFields, type Limits, limitsOf } from './Limits.tsx'
import { staffPageWords } from './words.ts'

/** An account, and the link by which its person comes in for the first time. */
export function AddStaff({ onClose }: { onClose: () => void }) {
  const texts = useWords(staffPageWords)
  const roleTitles = useWords(roleWords)
  const [name, setName] = useState('')
  const [role, setRole] = useState<string[]>([])
  const [language, setLanguage] = useState<string>(useLanguage())
  const [limits, setLimits] = useState<Limits>({ programmes: [], stores: [] })
  const isWhole = name.trim() !== '' && role.length > 0
  return (
    <ActDialog
      act="staff.add"
      title={texts.add}
      submit={texts.create}
      input={
        isWhole
          ? {
              name,
              role,
              language: language === 'en' ? 'en' : 'ru',
              ...limitsOf(limits),
            }
          : null
      }
      told={(link) => <LinkOnce link={link} />}
      onClose={onClose}
    >
      <Field
        title={texts.name}
        hint={texts.nameHint}
        value={name}
        onChange={setName}
        longest={32}
        isRequired
      />
      <Checks
        title={texts.roles}
        values={role}
        choices={ROLES.map((value) => ({ value, title: roleTitles[value] }))}
        onChange={setRole}
      />
      <Field
        title={texts.language}
        value={language}
        choices={(['ru', 'en'] as const).map((value) => ({ value, title: texts.languages[value] }))}
        onChange={setLanguage}
      />
      <LimitFields limits={limits} onChange={setLimits} />
    </ActDialog>
  )
}

/** What stands behind # is sent to no server on the way. It is shown here once, and kept nowhere. */
export function LinkOnce({ link: { token, expiresAt } }: { link: { token: string; expiresAt: string } }) {
  const texts = useWords(staffPageWords)
  const { copy, copied } = useWords(kitWords)
  const { moment } = useFormats()
  const [isCopied, setIsCopied] = useState(false)
  const address = `${location.origin}/console/welcome#${token}`
  return (
    <>
      <p>{texts.linkOnce(moment(expiresAt))}</p>
      <div className="secret">
        <code>{address}</code>
        <button
          type="button"
          onClick={async () => {
            await navigator.clipboard.writeText(address)
            setIsCopied(true)
          }}
        >
          {isCopied ? copied : copy}
        </button>
      </div>
    </>
  )
}
