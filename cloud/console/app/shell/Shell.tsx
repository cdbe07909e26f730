import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { DEFAULT_TIME_ZONE } from '../../../../shared/time.ts'
import { useProgrammes } from '../kit/place.ts'
import { Shown } from '../kit/Shown.tsx'
import { useSession } from '../session.ts'
import { clockHere, TimeZoneContext } from '../timeZone.ts'
import { useWords } from '../words.ts'
import { Account } from './Account.tsx'
import { Counts } from './Counts.tsx'
import { KeysDialog, useKeys } from './Keys.tsx'
import { Places } from './Places.tsx'
import { usePages } from './pages.ts'
import { Search } from './Search.tsx'
import { type GroupName, shellWords } from './words.ts'
import './shell.css'

const groups: GroupName[] = ['work', 'decisions', 'reports', 'settings']

/** What is around every page: where one can go, for which programme and store, and who one is. */
export function Shell() {
  const texts = useWords(shellWords)
  const pages = usePages()
  const { readings } = useSession()
  const [isMenuOpen, setIsMenuOpen] = useState(false)
  const [areKeysShown, setAreKeysShown] = useState(false)
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const { read, chosen } = useProgrammes()
  const ofShops = chosen?.timeZone ?? DEFAULT_TIME_ZONE
  const timeZone = clockHere(ofShops)
  const isOtherClock = timeZone !== ofShops
  useKeys(pages, () => setAreKeysShown(true))
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever went somewhere has chosen
  useEffect(() => setIsMenuOpen(false), [path])

  return (
    <TimeZoneContext value={timeZone}>
      <div className={isMenuOpen ? 'shell menu-open' : 'shell'}>
        <a className="skip" href="#content">
          {texts.skip}
        </a>
        <header className="bar">
          <button
            type="button"
            className="quiet menu-button"
            aria-expanded={isMenuOpen}
            aria-controls="menu"
            onClick={() => setIsMenuOpen(!isMenuOpen)}
          >
            <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
              <path d="M4 7h16M4 12h16M4 17h16" />
            </svg>
            <span className="unseen">{texts.menu}</span>
          </button>
          <Link className="brand" to="/">
            {texts.brand}
          </Link>
          {readings.includes('customers') && <Search />}
          <span className="rest" />
          {readings.includes('stores') && <Places />}
          <button
            type="button"
            className="quiet keys-button"
            title={texts.keysHint}
            aria-label={texts.keysHint}
            onClick={() => setAreKeysShown(true)}
          >
            ?
          </button>
          <Account clock={isOtherClock ? texts.otherClock(ofShops, timeZone) : texts.clock(ofShops)} />
        </header>
        <nav id="menu" className="menu" aria-label={texts.menu}>
          {readings.includes('stores') && <Places />}
          {groups.map((group) => {
            const entries = pages.filter((entry) => entry.group === group)
            return (
              entries.length > 0 && (
                <div key={group}>
                  {group !== 'work' && <h2>{texts.groups[group]}</h2>}
                  {entries.map(({ name, path }) => (
                    <Link
                      key={name}
                      to={path}
                      activeOptions={{ exact: path === '/', includeSearch: false }}
                      activeProps={{ 'aria-current': 'page' }}
                    >
                      {texts.pages[name]}
                      <Counts of={name} />
                    </Link>
                  ))}
                </div>
              )
            )
          })}
        </nav>
        <main id="content" tabIndex={-1}>
          {isOtherClock && <p className="note warn">{texts.otherClock(ofShops, timeZone)}</p>}
          {read.data ? (
            <Outlet />
          ) : (
            <Shown of={read} lines={8}>
              {() => null}
            </Shown>
          )}
        </main>
        {areKeysShown && <KeysDialog pages={pages} onClose={() => setAreKeysShown(false)} />}
      </div>
    </TimeZoneContext>
  )
}
