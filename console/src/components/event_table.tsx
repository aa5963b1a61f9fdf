// Every event of an execution, however many there are.
import { useMemo, useState } from 'react'
import { duration } from '../model/format'
import { detailsOf, type History, type HistoryEvent, pathOf, type Visit } from '../model/history'
import { Icon } from './icons'
import { Time } from './time'
import { type Column, VirtualTable } from './virtual_table'

export interface EventTableProps {
  history: History
  version: number
  selected?: Visit
  onSelect: (visit: Visit) => void
}

function summaryOf(event: HistoryEvent): string {
  const details = detailsOf(event)
  const shown = details.error ?? details.output ?? details.parameters ?? details.input
  const text = typeof shown === 'string' ? shown : ''
  const cause = typeof details.cause === 'string' ? `: ${details.cause}` : ''
  return (text + cause).slice(0, 160)
}

const toneOf = (type: string): string =>
  /(Failed|TimedOut)$/.test(type) ? 'bad' : /(Aborted)$/.test(type) ? 'quiet' : ''

export function EventTable({ history, version, selected, onSelect }: EventTableProps) {
  const [wanted, setWanted] = useState('')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the history grows in place
  const events = useMemo(() => {
    const text = wanted.trim().toLowerCase()
    if (text === '') return [...history.events]
    return history.events.filter((event) => {
      const visit = history.visitOf(event.id)
      return `${event.type} ${visit?.name ?? ''} ${summaryOf(event)}`.toLowerCase().includes(text)
    })
  }, [history, version, wanted])
  const start = history.events[0]?.timestamp ?? 0
  const columns: Column<HistoryEvent>[] = [
    {
      key: 'id',
      label: 'Event',
      width: '3.4rem',
      cell: (event) => <span className="numbers">{event.id}</span>,
    },
    {
      key: 'type',
      label: 'Type',
      width: 'minmax(12.5rem, 1.2fr)',
      cell: (event) => <span className={`event-type ${toneOf(event.type)}`}>{event.type}</span>,
    },
    {
      key: 'state',
      label: 'State',
      width: 'minmax(6rem, 1fr)',
      cell: (event) => {
        const visit = history.visitOf(event.id)
        return visit ? pathOf(visit) : ''
      },
    },
    {
      key: 'what',
      label: 'Details',
      width: 'minmax(4rem, 1fr)',
      minor: true,
      cell: (event) => <code className="quiet">{summaryOf(event)}</code>,
    },
    {
      key: 'after',
      label: 'After',
      width: '4.4rem',
      minor: true,
      cell: (event) => <span className="numbers">{duration(event.timestamp - start)}</span>,
    },
    {
      key: 'time',
      label: 'Time',
      width: '4.6rem',
      minor: true,
      cell: (event) => <Time at={event.timestamp} />,
    },
  ]
  return (
    <div className="event-view">
      <label className="field-search small pad-small">
        <Icon name="search" />
        <span className="sr">Search events</span>
        <input
          type="search"
          placeholder="Search events"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      </label>
      <VirtualTable
        label="Events"
        rows={events}
        columns={columns}
        rowHeight={34}
        rowKey={(event) => event.id}
        rowClass={(event) => (selected && history.visitOf(event.id) === selected ? 'chosen' : '')}
        onOpen={(event) => {
          const visit = history.visitOf(event.id)
          if (visit) onSelect(visit)
        }}
      />
    </div>
  )
}
