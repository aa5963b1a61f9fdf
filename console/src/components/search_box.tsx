// Search over the names of everything, from every page; an ARN goes straight to its page.
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useMemo, useState } from 'react'
import {
  activitiesQuery,
  bucketsQuery,
  functionsQuery,
  machinesQuery,
  pipelinesQuery,
  repositoriesQuery,
  stacksQuery,
} from '../api/queries'
import { rank } from '../model/rank'
import { executionPage, machinePage, navigate, to } from '../router'
import { Icon, type IconName } from './icons'
import { Dialog } from './ui'

interface Entry {
  label: string
  kind: string
  icon: IconName
  href: string
}

const SHOWN = 12

function pageOfArn(arn: string): Entry | undefined {
  const entry = (kind: string, icon: IconName, href: string) => ({ label: arn, kind, icon, href })
  if (/^arn:aws[^:]*:states:[^:]*:[^:]*:execution:/.test(arn)) {
    return entry('Execution', 'executions', executionPage(arn))
  }
  if (/^arn:aws[^:]*:states:[^:]*:[^:]*:stateMachine:/.test(arn)) {
    return entry('State machine', 'machines', machinePage(arn))
  }
  if (/^arn:aws[^:]*:states:[^:]*:[^:]*:mapRun:/.test(arn)) {
    return entry('Map Run', 'executions', to(['map-runs', arn]))
  }
  return undefined
}

function useEntries(): Entry[] {
  const machines = useQuery(machinesQuery).data
  const functions = useQuery(functionsQuery).data
  const activities = useQuery(activitiesQuery).data
  const stacks = useQuery(stacksQuery).data
  const buckets = useQuery(bucketsQuery).data
  const pipelines = useQuery(pipelinesQuery).data
  const repositories = useQuery(repositoriesQuery).data
  return useMemo(
    () => [
      ...(machines ?? []).map(
        (one): Entry => ({
          label: one.name,
          kind: 'State machine',
          icon: 'machines',
          href: machinePage(one.stateMachineArn),
        }),
      ),
      ...(functions ?? []).map(
        (one): Entry => ({
          label: one.FunctionName,
          kind: 'Function',
          icon: 'functions',
          href: to(['functions', one.FunctionName]),
        }),
      ),
      ...(activities ?? []).map(
        (one): Entry => ({
          label: one.name,
          kind: 'Activity',
          icon: 'activities',
          href: to(['activities']),
        }),
      ),
      ...(stacks ?? []).map(
        (one): Entry => ({
          label: one.name,
          kind: 'Stack',
          icon: 'stacks',
          href: to(['stacks', one.name]),
        }),
      ),
      ...(buckets ?? []).map(
        (one): Entry => ({
          label: one.name,
          kind: 'Bucket',
          icon: 'buckets',
          href: to(['buckets', one.name]),
        }),
      ),
      ...(pipelines ?? []).map(
        (one): Entry => ({
          label: one.name,
          kind: 'Pipeline',
          icon: 'pipelines',
          href: to(['pipelines', one.name]),
        }),
      ),
      ...(repositories ?? []).map(
        (one): Entry => ({
          label: one.repositoryName,
          kind: 'Repository',
          icon: 'fork',
          href: to(['repositories', one.repositoryName]),
        }),
      ),
    ],
    [machines, functions, activities, stacks, buckets, pipelines, repositories],
  )
}

export function SearchBox({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const entries = useEntries()
  const wanted = text.trim()
  const shown = useMemo(() => {
    const direct = pageOfArn(wanted)
    if (direct) return [direct]
    const found = rank(entries, wanted, (entry) => entry.label).slice(0, SHOWN)
    if (wanted === '') return found
    const byName: Entry = {
      label: `Executions whose names begin with “${wanted}”`,
      kind: 'Search',
      icon: 'search',
      href: to(['executions'], { name: wanted }),
    }
    return [...found, byName]
  }, [entries, wanted])
  const go = (entry: Entry | undefined) => {
    if (!entry) return
    onClose()
    navigate(entry.href)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt((at + 1) % shown.length)
    else if (event.key === 'ArrowUp') setAt((at - 1 + shown.length) % shown.length)
    else if (event.key === 'Enter') go(shown[at])
    else return
    event.preventDefault()
  }
  return (
    <Dialog title="Search" onClose={onClose}>
      <div className="search">
        <input
          type="search"
          role="combobox"
          aria-label="Name or ARN"
          aria-expanded="true"
          aria-controls="search-results"
          aria-activedescendant={shown[at] ? `search-${at}` : undefined}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKey}
        />
        <div id="search-results" role="listbox" aria-label="Results" className="search-results">
          {shown.map((entry, index) => (
            <div
              key={`${entry.kind} ${entry.label}`}
              id={`search-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className="search-result"
              onMouseMove={() => setAt(index)}
              onClick={() => go(entry)}
              onKeyDown={onKey}
            >
              <Icon name={entry.icon} />
              <span className="search-label">{entry.label}</span>
              <span className="quiet">{entry.kind}</span>
            </div>
          ))}
        </div>
      </div>
    </Dialog>
  )
}
