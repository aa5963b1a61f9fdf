// Parts that every page is made of.
import {
  type ButtonHTMLAttributes,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'
import { ApiError } from '../api/client'
import { count } from '../model/format'
import { Icon, type IconName } from './icons'
import { Link } from './link'

export function Button({
  icon,
  kind = 'plain',
  children,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & {
  icon?: IconName
  kind?: 'plain' | 'main' | 'danger' | 'bare'
}) {
  return (
    <button type="button" className={`button button-${kind}`} {...rest}>
      {icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  )
}

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true))
  return (
    <button
      type="button"
      className="icon-button"
      onClick={copy}
      title={label}
      aria-label={copied ? 'Copied' : label}
    >
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  )
}

export interface Crumb {
  label: string
  href: string
}

export function PageHead({
  crumbs = [],
  title,
  badge,
  actions,
  children,
}: {
  crumbs?: Crumb[]
  title: string
  badge?: ReactNode
  actions?: ReactNode
  children?: ReactNode
}) {
  useEffect(() => {
    document.title = `${title} · Pawl`
  }, [title])
  return (
    <header className="page-head">
      {crumbs.length > 0 ? (
        <nav className="crumbs" aria-label="Where this page is">
          {crumbs.map((crumb) => (
            <Link key={crumb.href} href={crumb.href}>
              {crumb.label}
            </Link>
          ))}
        </nav>
      ) : null}
      <div className="page-title">
        <h1>{title}</h1>
        {badge}
        <div className="page-actions">{actions}</div>
      </div>
      {children}
    </header>
  )
}

// What an empty page teaches: the next step, with the command for it.
export function Empty({
  title,
  command,
  children,
}: {
  title: string
  command?: string
  children?: ReactNode
}) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children ? <p>{children}</p> : null}
      {command ? (
        <div className="command">
          <pre tabIndex={0}>{command}</pre>
          <CopyButton text={command} label="Copy the command" />
        </div>
      ) : null}
    </div>
  )
}

const ELSEWHERE = 'It may have been deleted, or live in another region: see Settings.'

const ADVICE: [RegExp, string][] = [
  [/^StateMachineDoesNotExist$/, ELSEWHERE],
  [/^ExecutionDoesNotExist$/, 'It may have been deleted, or its retention is over.'],
  [/^InvalidArn$/, 'Look for it by its name: press / and type, or open the list.'],
  [/^AccessDenied/, 'The server does not take calls from this address (--allowed-origins).'],
  [/^(Throttling|TooManyRequests|SlowDown)/, 'The server is busy; try again in a moment.'],
  [/^(InvalidDefinition|SchemaValidation)/, 'The editor marks the place; change it, then save.'],
  [/^(ExecutionAlreadyExists|.*AlreadyExists.*)$/, 'Choose another name.'],
  [/^ExecutionNotRedrivable$/, 'Start it again, or fork it at a state that went well.'],
  [
    /^(ConflictException|ConcurrentModification.*|ParentCommit.*)$/,
    'It has changed: read it anew.',
  ],
  [/^InvalidToken$/, 'The list has changed meanwhile: reload the page.'],
  [/(NotFound|NoSuch|DoesNotExist)/, ELSEWHERE],
  [/^(ServiceUnavailable|InternalFailure|HTTP 5)/, 'See the server’s log; nothing was lost.'],
]

function adviceFor(error: unknown): string | undefined {
  if (!(error instanceof ApiError)) return 'Reload the page. If it comes again, please report it.'
  return ADVICE.find(([codes]) => codes.test(error.code))?.[1]
}

export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  const known = error instanceof ApiError ? error : undefined
  const advice = adviceFor(error)
  return (
    <div className="problem" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{known?.code ?? 'Something went wrong'}</strong>
        <p>{(error as Error).message}</p>
        {advice ? <p>{advice}</p> : null}
        {retry ? <Button onClick={retry}>Try again</Button> : null}
      </div>
    </div>
  )
}

export function Loading({ what }: { what: string }) {
  return (
    <div className="loading" role="status">
      <Icon name="running" />
      {what}
    </div>
  )
}

export interface Tab {
  key: string
  label: string
  count?: number
}

export function Tabs({
  tabs,
  active,
  onChange,
  label,
}: {
  tabs: Tab[]
  active: string
  onChange: (key: string) => void
  label: string
}) {
  const move = (step: number) => {
    const at = tabs.findIndex((tab) => tab.key === active)
    const next = tabs[(at + step + tabs.length) % tabs.length]
    if (!next) return
    onChange(next.key)
    document.getElementById(`tab-${next.key}`)?.focus()
  }
  return (
    <div className="tabs" role="tablist" aria-label={label}>
      {tabs.map((tab) => (
        <button
          key={tab.key}
          id={`tab-${tab.key}`}
          type="button"
          role="tab"
          aria-selected={tab.key === active}
          tabIndex={tab.key === active ? 0 : -1}
          onClick={() => onChange(tab.key)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowRight') move(1)
            if (event.key === 'ArrowLeft') move(-1)
          }}
        >
          {tab.label}
          {tab.count === undefined ? null : <span className="tab-count">{count(tab.count)}</span>}
        </button>
      ))}
    </div>
  )
}

export function Dialog({
  title,
  onClose,
  children,
  wide,
}: {
  title: string
  onClose: () => void
  children: ReactNode
  wide?: boolean
}) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    ref.current?.showModal()
    // What one came to do, not the button that closes.
    ref.current?.querySelector<HTMLElement>('input, textarea')?.focus()
  }, [])
  return (
    <dialog
      ref={ref}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onClose={onClose}
    >
      <div className="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
          <Icon name="cross" />
        </button>
      </div>
      {children}
    </dialog>
  )
}

export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value === undefined || value === null || value === '' ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
