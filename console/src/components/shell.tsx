// What stands around every page: navigation, search, theme, who is signed in.
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useSession } from '../api/session'
import { navigate, type Place, to } from '../router'
import { chooseTheme, currentTheme } from '../theme'
import { Icon, type IconName } from './icons'
import { Link } from './link'
import { SignIn } from './sign_in'

const SearchBox = lazy(() => import('./search_box').then((m) => ({ default: m.SearchBox })))

const SECTIONS: { kind: string; label: string; short?: string; icon: IconName; key: string }[] = [
  { kind: 'machines', label: 'State machines', short: 'Machines', icon: 'machines', key: 'm' },
  { kind: 'executions', label: 'Executions', icon: 'executions', key: 'e' },
  { kind: 'functions', label: 'Functions', icon: 'functions', key: 'f' },
  { kind: 'activities', label: 'Activities', icon: 'activities', key: 'a' },
  { kind: 'pipelines', label: 'Pipelines', icon: 'pipelines', key: 'p' },
  { kind: 'repositories', label: 'Repositories', short: 'Repos', icon: 'fork', key: 'r' },
  { kind: 'stacks', label: 'Stacks', icon: 'stacks', key: 's' },
  { kind: 'buckets', label: 'Buckets', icon: 'buckets', key: 'b' },
]

const pageOf = (kind: string) => to(kind === 'machines' ? [] : [kind])

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

// "/" searches; "g" and then a letter goes to a section.
function useKeys(openSearch: () => void): void {
  useEffect(() => {
    let goes = false
    const onKey = (event: KeyboardEvent) => {
      const search = (event.ctrlKey || event.metaKey) && event.key === 'k'
      if (search || (event.key === '/' && !isTyping(event.target))) {
        event.preventDefault()
        openSearch()
        return
      }
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
      const section = goes && SECTIONS.find((one) => one.key === event.key)
      goes = event.key === 'g'
      if (section) navigate(pageOf(section.kind))
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [openSearch])
}

export function Shell({ place, children }: { place: Place; children: ReactNode }) {
  const [searching, setSearching] = useState(false)
  const [signingIn, setSigningIn] = useState(false)
  const [theme, setTheme] = useState(currentTheme)
  const session = useSession()
  const [openSearch] = useState(() => () => setSearching(true))
  useKeys(openSearch)
  const other = theme === 'dark' ? 'light' : 'dark'
  const changeTheme = () => {
    chooseTheme(other)
    setTheme(other)
  }
  const active = place.segments[0] ?? 'machines'
  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to the page
      </a>
      <header className="top">
        <Link className="brand" href={to([])} aria-label="Pawl, state machines">
          <Mark />
          <span>Pawl</span>
        </Link>
        <button type="button" className="search-open" onClick={openSearch} title="Press /">
          <Icon name="search" />
          <span>Search names, or paste an ARN</span>
          <kbd>/</kbd>
        </button>
        <button
          type="button"
          className="session"
          onClick={() => setSigningIn(true)}
          title="Region and keys"
        >
          <Icon name="key" />
          <span>{session.region}</span>
        </button>
        <button
          type="button"
          className="icon-button"
          onClick={changeTheme}
          aria-label={`Change to ${other} colours`}
        >
          <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
        </button>
      </header>
      <nav className="side" aria-label="Sections">
        {SECTIONS.map((section) => (
          <Link
            key={section.kind}
            href={pageOf(section.kind)}
            aria-current={active === section.kind ? 'page' : undefined}
            title={`${section.label} (g ${section.key})`}
          >
            <Icon name={section.icon} />
            <span className="wide-only">{section.label}</span>
            <span className="narrow-only" aria-hidden="true">
              {section.short ?? section.label}
            </span>
          </Link>
        ))}
      </nav>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      {searching ? (
        <Suspense fallback={null}>
          <SearchBox onClose={() => setSearching(false)} />
        </Suspense>
      ) : null}
      {signingIn || session.refused ? <SignIn onClose={() => setSigningIn(false)} /> : null}
    </div>
  )
}

function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M9 24V8h8.2a5.4 5.4 0 0 1 0 10.8H13" />
      <circle cx="22.5" cy="23" r="2.4" />
    </svg>
  )
}
