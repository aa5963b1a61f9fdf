// The filters above a list of executions; each is part of the address.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { searchAttributesQuery } from '../api/queries'
import type { ExecutionStatus, MachineItem } from '../api/types'
import { type Filter, instantOf, localOf, STATUSES } from '../model/filter'
import { changeQuery } from '../router'
import { Icon } from './icons'
import { StatusIcon, wordsOf } from './status'

const AGES: [string, string][] = [
  ['', 'Any time'],
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['1d', 'Last day'],
  ['7d', 'Last 7 days'],
]

// Text that is part of the address once the typing has stopped.
function useSettled(
  text: string,
  settle: (text: string) => void,
): [string, (text: string) => void] {
  const [typed, setTyped] = useState(text)
  useEffect(() => setTyped(text), [text])
  useEffect(() => {
    if (typed === text) return
    const timer = setTimeout(() => settle(typed), 250)
    return () => clearTimeout(timer)
  }, [typed, text, settle])
  return [typed, setTyped]
}

const BETWEEN = 'between'
const HOUR_MS = 3_600_000

// An age, or from when until when.
function Started({ filter }: { filter: Filter }) {
  const isAge = AGES.some(([age]) => age === (filter.since ?? ''))
  const between = !isAge || filter.until !== undefined
  const choose = (chosen: string) => {
    const hourAgo = new Date(Date.now() - HOUR_MS).toISOString()
    changeQuery({ since: chosen === BETWEEN ? hourAgo : chosen, until: undefined })
  }
  return (
    <>
      <label>
        <select
          aria-label="Started"
          value={between ? BETWEEN : (filter.since ?? '')}
          onChange={(event) => choose(event.target.value)}
        >
          {AGES.map(([age, words]) => (
            <option key={age} value={age}>
              {words}
            </option>
          ))}
          <option value={BETWEEN}>Between …</option>
        </select>
      </label>
      {between ? (
        <>
          <Instant name="since" label="Started from" value={filter.since} />
          <Instant name="until" label="Started before" value={filter.until} />
        </>
      ) : null}
    </>
  )
}

function Instant(props: { name: 'since' | 'until'; label: string; value?: string }) {
  return (
    <label className="instant">
      <span className="quiet">{props.name === 'since' ? 'from' : 'to'}</span>
      <span className="sr">{props.label}</span>
      <input
        type="datetime-local"
        value={localOf(props.value)}
        onChange={(event) => changeQuery({ [props.name]: instantOf(event.target.value) })}
      />
    </label>
  )
}

const namesOf = (all: { name: string }[]) => all.map((one) => one.name).join(', ')
const setName = (name: string) => changeQuery({ name })
const setWhere = (where: string) => changeQuery({ where })

export interface ExecutionFiltersProps {
  filter: Filter
  machines?: MachineItem[] // of which one may be chosen; none: it is given
}

export function ExecutionFilters({ filter, machines }: ExecutionFiltersProps) {
  const [name, typeName] = useSettled(filter.name ?? '', setName)
  const [where, typeWhere] = useSettled(filter.where.join('; '), setWhere)
  const attributes = useQuery({
    ...searchAttributesQuery(filter.machine ?? ''),
    enabled: filter.machine !== undefined,
  }).data
  const toggle = (status: ExecutionStatus) => {
    const chosen = filter.statuses.includes(status)
      ? filter.statuses.filter((one) => one !== status)
      : [...filter.statuses, status]
    changeQuery({ status: chosen.join(',') })
  }
  return (
    <div className="filters">
      {machines ? (
        <label>
          <span className="sr">State machine</span>
          <select
            value={filter.machine ?? ''}
            onChange={(event) => changeQuery({ machine: event.target.value, where: undefined })}
          >
            <option value="">All state machines</option>
            {machines
              .filter((machine) => machine.type === 'STANDARD')
              .map((machine) => (
                <option key={machine.stateMachineArn} value={machine.stateMachineArn}>
                  {machine.name}
                </option>
              ))}
          </select>
        </label>
      ) : null}
      <fieldset className="chips">
        <legend className="sr">Status</legend>
        {STATUSES.map((status) => (
          <button
            key={status}
            type="button"
            className="chip"
            aria-pressed={filter.statuses.includes(status)}
            onClick={() => toggle(status)}
          >
            <StatusIcon status={status} />
            {wordsOf(status)}
          </button>
        ))}
      </fieldset>
      <label className="field-search">
        <Icon name="search" />
        <span className="sr">Name begins with</span>
        <input
          type="search"
          placeholder="Name begins with"
          value={name}
          onChange={(event) => typeName(event.target.value)}
        />
      </label>
      <Started filter={filter} />
      {attributes && attributes.length > 0 ? (
        <label className="field-search wide">
          <Icon name="list" />
          <span className="sr">Search attributes</span>
          <input
            type="search"
            placeholder={`Attributes: ${attributes[0]?.name}=…`}
            title={`Conditions, with semicolons between, on ${namesOf(attributes)}`}
            value={where}
            onChange={(event) => typeWhere(event.target.value)}
          />
        </label>
      ) : null}
    </div>
  )
}
