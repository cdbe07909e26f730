import { useState } from 'react'
import { ROLES } from '../../../../shared/staff.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Checks } from '../kit/Field.tsx'
import { roleWords } from '../staffWords.ts'
import { useWords } from '../words.ts'
import { Limits } from './AddStaff.tsx'
import type { Member } from './Staff.tsx'
import { staffPageWords } from './words.ts'

export function ChangeRoles({ member, onClose }: { member: Member; onClose: () => void }) {
  const texts = useWords(staffPageWords)
  const titles = useWords(roleWords)
  const [role, setRole] = useState<string[]>(member.roles)
  const [programmes, setProgrammes] = useState(member.sees.programmes?.join(', ') ?? '')
  const [stores, setStores] = useState(member.sees.stores?.join(', ') ?? '')
  const limits = {
    ...(programmes.trim() && { programmes }),
    ...(stores.trim() && { stores }),
  }
  return (
    <ActDialog
      act="staff.roles"
      title={`${texts.change}: ${member.name}`}
      submit={texts.save}
      input={role.length > 0 ? { name: member.name, role, ...limits } : null}
      onClose={onClose}
    >
      <p>{texts.changeText}</p>
      <Checks
        title={texts.roles}
        values={role}
        choices={ROLES.map((value) => ({ value, title: titles[value] }))}
        onChange={setRole}
      />
      <Limits {...{ programmes, setProgrammes, stores, setStores }} />
    </ActDialog>
  )
}
