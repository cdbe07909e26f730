import { useState } from 'react'
import { ROLES } from '../../../../shared/staff.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Checks } from '../kit/Field.tsx'
import { roleWords } from '../staffWords.ts'
import { useWords } from '../words.ts'
import { LimitFields, type Limits, limitsOf } from './Limits.tsx'
import type { Member } from './Staff.tsx'
import { staffPageWords } from './words.ts'

export function ChangeRoles({ member, onClose }: { member: Member; onClose: () => void }) {
  const texts = useWords(staffPageWords)
  const titles = useWords(roleWords)
  const [role, setRole] = useState<string[]>(member.roles)
  const [limits, setLimits] = useState<Limits>({
    programmes: member.sees.programmes?.map(String) ?? [],
    stores: member.sees.stores?.map(String) ?? [],
  })
  return (
    <ActDialog
      act="staff.roles"
      title={`${texts.change}: ${member.name}`}
      submit={texts.save}
      input={role.length > 0 ? { name: member.name, role, ...limitsOf(limits) } : null}
      onClose={onClose}
    >
      <p>{texts.changeText}</p>
      <Checks
        title={texts.roles}
        values={role}
        choices={ROLES.map((value) => ({ value, title: titles[value] }))}
        onChange={setRole}
      />
      <LimitFields limits={limits} onChange={setLimits} />
    </ActDialog>
  )
}
