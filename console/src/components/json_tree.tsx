// JSON as a tree: folded where it is large, with search and copy. Text is shown as text, whatever
// stands in it.
import { useEffect, useMemo, useRef, useState } from 'react'
import { bytes } from '../model/format'
import { type JsonRow, matchesOf, rowsOf } from '../model/json_rows'
import { Icon } from './icons'
import { CopyButton } from './ui'

// Thousands of rows that nobody sees yet would hold up the page.
const FIRST_ROWS = 120

export interface JsonTreeProps {
  text: string | undefined
  label: string
}

export function JsonTree({ text, label }: JsonTreeProps) {
  const parsed = useMemo(() => parse(text), [text])
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const [wanted, setWanted] = useState('')
  const [shown, setShown] = useState(FIRST_ROWS)
  const found = useMemo(() => matchesOf(parsed.value, wanted.trim()), [parsed, wanted])
  const rows = useMemo(() => rowsOf(parsed.value, toggled, found), [parsed, toggled, found])
  if (text === undefined) return <p className="quiet pad">Nothing here.</p>
  const toggle = (path: string) => {
    const next = new Set(toggled)
    if (!next.delete(path)) next.add(path)
    setToggled(next)
  }
  return (
    <div className="json">
      <div className="json-bar">
        <label className="field-search small">
          <Icon name="search" />
          <span className="sr">Search in {label}</span>
          <input
            type="search"
            placeholder="Search"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        </label>
        <span className="quiet">
          {wanted.trim() ? `${found.size} found` : bytes(new Blob([text]).size)}
        </span>
        <CopyButton text={parsed.pretty ?? text} label={`Copy ${label}`} />
      </div>
      {parsed.problem ? (
        <pre className="json-rows" tabIndex={0}>
          {text}
        </pre>
      ) : (
        <div className="json-rows" role="group" aria-label={label} tabIndex={0}>
          {rows.slice(0, shown).map((row) => (
            <Row key={row.path} row={row} onToggle={toggle} />
          ))}
          {rows.length > shown ? <More key={shown} onSeen={() => setShown(shown * 3)} /> : null}
        </div>
      )}
    </div>
  )
}

// Comes into sight at the end of the rows that are there.
function More({ onSeen }: { onSeen: () => void }) {
  const place = useRef<HTMLDivElement>(null)
  const latest = useRef(onSeen)
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((one) => one.isIntersecting)) latest.current()
    })
    if (place.current) observer.observe(place.current)
    return () => observer.disconnect()
  }, [])
  return (
    <div className="quiet" ref={place}>
      …
    </div>
  )
}

function Row({ row, onToggle }: { row: JsonRow; onToggle: (path: string) => void }) {
  return (
    <div
      className={row.found ? 'json-row found' : 'json-row'}
      style={{ paddingLeft: row.depth * 16 }}
    >
      {row.size === undefined ? (
        <span className="json-space" />
      ) : (
        <button
          type="button"
          className={row.open ? 'fold open' : 'fold'}
          aria-expanded={row.open}
          aria-label={`${row.open ? 'Fold' : 'Unfold'} ${row.name ?? 'all'}`}
          onClick={() => onToggle(row.path)}
        >
          <Icon name="chevron" />
        </button>
      )}
      {row.name === undefined ? null : (
        <span className="json-name">
          {row.name}
          <span className="quiet">: </span>
        </span>
      )}
      <span className={`json-${row.kind}`}>{row.text}</span>
    </div>
  )
}

function parse(text: string | undefined): { value?: unknown; pretty?: string; problem?: boolean } {
  if (text === undefined) return {}
  try {
    const value: unknown = JSON.parse(text)
    return { value, pretty: JSON.stringify(value, null, 2) }
  } catch {
    return { problem: true }
  }
}
