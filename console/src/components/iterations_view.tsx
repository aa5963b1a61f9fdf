// What ran inside a Map or Parallel state: one row an iteration, or one a state of a branch.
import { useMemo, useState } from 'react'
import { count, duration } from '../model/format'
import type { History, Status, Visit } from '../model/history'
import { type Iteration, iterationsOf } from '../model/iterations'
import { StatusBadge, wordsOf } from './status'
import { type Column, VirtualTable } from './virtual_table'

export interface IterationsViewProps {
  history: History
  version: number
  visit: Visit
  onSelect: (visit: Visit) => void
}

const NUMBER: Column<Iteration> = {
  key: 'index',
  label: 'No.',
  width: '4rem',
  cell: (one) => <span className="numbers">{count(one.index ?? 0)}</span>,
}

const COLUMNS: Column<Iteration>[] = [
  {
    key: 'status',
    label: 'Status',
    width: '7.6rem',
    cell: (one) => <StatusBadge status={one.status} />,
  },
  {
    key: 'state',
    label: 'State',
    width: 'minmax(4rem, 1fr)',
    cell: (one) => <span className="link-like">{one.shown.name}</span>,
  },
  {
    key: 'took',
    label: 'Took',
    width: '5rem',
    cell: (one) => (
      <span className="numbers quiet">
        {one.to === undefined ? '…' : duration(one.to - one.from)}
      </span>
    ),
  },
]

export function IterationsView({ history, version, visit, onSelect }: IterationsViewProps) {
  const [status, setStatus] = useState<Status>()
  const [place, setPlace] = useState<number>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the history grows in place
  const all = useMemo(() => iterationsOf(history.visits, visit), [history, version, visit])
  const present = useMemo(() => {
    const many = new Map<Status, number>()
    for (const one of all) many.set(one.status, (many.get(one.status) ?? 0) + 1)
    return [...many]
  }, [all])
  const rows = useMemo(
    () => (status ? all.filter((one) => one.status === status) : all),
    [all, status],
  )
  const isMap = visit.type === 'Map'
  return (
    <div className="iterations">
      <div className="filters pad-small">
        {present.map(([one, many]) => (
          <button
            key={one}
            type="button"
            className="chip small"
            aria-pressed={status === one}
            onClick={() => setStatus(status === one ? undefined : one)}
          >
            {wordsOf(one)} {count(many)}
          </button>
        ))}
        {isMap ? (
          <input
            type="number"
            min={0}
            aria-label="Go to the iteration"
            placeholder="No."
            onChange={(event) => {
              const wanted = event.target.value === '' ? -1 : Number(event.target.value)
              const at = rows.findIndex((one) => one.index === wanted)
              setPlace(at < 0 ? undefined : at)
            }}
          />
        ) : null}
      </div>
      <VirtualTable
        label={isMap ? 'Iterations' : 'States of the branches'}
        rows={rows}
        columns={isMap ? [NUMBER, ...COLUMNS] : COLUMNS}
        rowHeight={34}
        rowKey={(one) => one.shown.id}
        rowClass={(one) => (place !== undefined && rows[place] === one ? 'chosen' : '')}
        onOpen={(one) => onSelect(one.shown)}
        scrollTo={place}
      />
    </div>
  )
}
