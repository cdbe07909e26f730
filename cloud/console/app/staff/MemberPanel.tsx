import { useState } from 'react'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Chip, Facts, Panel, Time } from '../kit/Page.tsx'
import { kitWords } from '../kit/words.ts'
import { useMay, useSession } from '../session.ts'
import { useWords } from '../words.ts'
import { LinkOnce } from './AddStaff.tsx'
import { ChangeRoles } from './ChangeRoles.tsx'
import { Factor, type Member, Roles, Sees } from './Staff.tsx'
import { staffPageWords } from './words.ts'

type Deed = 'roles' | 'link' | 'reset' | 'signout' | 'disable' | 'enable'

export function MemberPanel({ member, onClose }: { member: Member; onClose: () => void }) {
  const texts = useWords(staffPageWords)
  const { close } = useWords(kitWords)
  const may = useMay()
  const { name: own } = useSession()
  const [deed, setDeed] = useState<Deed | null>(null)
  const { name, roles, disabledAt, lastSeenAt, hasSecondFactor, createdAt } = member
  const isDisabled = disabledAt !== null
  const deeds: [Deed, string, boolean][] = [
    ['roles', texts.change, may('staff roles') && !isDisabled],
    ['link', texts.link, may('staff link') && !isDisabled],
    ['reset', texts.reset, may('staff reset') && hasSecondFactor && !isDisabled],
    ['signout', texts.signout, may('staff signout') && lastSeenAt !== null],
    ['disable', texts.disable, may('staff disable') && !isDisabled],
    ['enable', texts.enable, may('staff disable') && isDisabled],
  ]
  return (
    <Panel title={name} close={close} onClose={onClose}>
      <Facts
        facts={[
          [
            texts.state,
            <Chip key="s" tone={isDisabled ? 'bad' : 'good'}>
              {isDisabled ? texts.disabled : texts.active}
            </Chip>,
          ],
          [texts.roles, <Roles key="r" of={roles} />],
          [texts.sees, <Sees key="v" of={member} />],
          [texts.factor, <Factor key="f" of={member} />],
          [texts.language, texts.languages[member.language]],
          [texts.created, <Time key="c" at={createdAt} />],
          [texts.seen, lastSeenAt ? <Time key="l" at={lastSeenAt} /> : texts.never],
        ]}
      />
      {name === own && <p className="note">{texts.self}</p>}
      <div className="actions">
        {deeds.map(
          ([deed, title, isOffered]) =>
            isOffered && (
              <button key={deed} type="button" onClick={() => setDeed(deed)}>
                {title}
              </button>
            ),
        )}
      </div>
      {deed && <MemberDeed deed={deed} member={member} onClose={() => setDeed(null)} />}
    </Panel>
  )
}

function MemberDeed({ deed, member, onClose }: { deed: Deed; member: Member; onClose: () => void }) {
  const texts = useWords(staffPageWords)
  const { name } = member
  const common = { input: { name }, onClose }
  switch (deed) {
    case 'roles':
      return <ChangeRoles member={member} onClose={onClose} />
    case 'link':
      return (
        <ActDialog
          {...common}
          act="staff.link"
          title={`${texts.link}: ${name}`}
          submit={texts.link}
          told={(link) => <LinkOnce link={link} />}
        >
          <p>{texts.linkText}</p>
        </ActDialog>
      )
    case 'reset':
      return (
        <ActDialog
          {...common}
          act="staff.reset"
          title={`${texts.reset}: ${name}`}
          submit={texts.reset}
          isDangerous
        >
          <p>{texts.resetText}</p>
        </ActDialog>
      )
    case 'signout':
      return (
        <ActDialog
          {...common}
          act="staff.signout"
          title={`${texts.signout}: ${name}`}
          submit={texts.signout}
          told={({ ended }) => <p>{texts.ended(ended)}</p>}
        >
          <p>{texts.signoutText}</p>
        </ActDialog>
      )
    case 'disable':
      return (
        <ActDialog
          {...common}
          act="staff.disable"
          title={`${texts.disable}: ${name}`}
          submit={texts.disable}
          isDangerous
        >
          <p>{texts.disableText}</p>
        </ActDialog>
      )
    case 'enable':
      return (
        <ActDialog
          {...common}
          act="staff.disable"
          input={{ name, undo: true }}
          title={`${texts.enable}: ${name}`}
          submit={texts.enable}
        >
          <p>{texts.enableText}</p>
        </ActDialog>
      )
  }
}
