// The data of one state against those of another one of the same execution, or its output against
// its input.
import { useMemo, useState } from 'react'
import { type History, pathOf, type Visit } from '../model/history'
import { comparable, PARTS, type Part, partOf } from '../model/visit_data'
import { DiffView } from './diff_view'

const CHOICES_MAX = 2000

export interface DataCompareProps {
  history: History
  visit: Visit
}

export function DataCompare({ history, visit }: DataCompareProps) {
  const [other, setOther] = useState(visit)
  const [from, setFrom] = useState<Part>('input')
  const [to, setTo] = useState<Part>(visit.output === undefined ? 'input' : 'output')
  const before = useMemo(() => comparable(partOf(other, from)), [other, from])
  const after = useMemo(() => comparable(partOf(visit, to)), [visit, to])
  const there = partOf(other, from) !== undefined && partOf(visit, to) !== undefined
  return (
    <div className="compare">
      <div className="compare-sides">
        <fieldset className="filters">
          <legend>From</legend>
          <PartChoice value={from} onChange={setFrom} />
          <select
            aria-label="Of which state"
            value={other.id}
            onChange={(event) => {
              const id = Number(event.target.value)
              setOther(history.visits.find((one) => one.id === id) ?? visit)
            }}
          >
            {choicesAround(history.visits, visit).map((one) => (
              <option key={one.id} value={one.id}>
                {one === visit ? 'of this state' : `of ${pathOf(one)}, event ${one.id}`}
              </option>
            ))}
          </select>
        </fieldset>
        <fieldset className="filters">
          <legend>To</legend>
          <PartChoice value={to} onChange={setTo} />
          <span>of this state</span>
        </fieldset>
      </div>
      {there ? (
        <DiffView before={before} after={after} label="Difference of the data" />
      ) : (
        <p className="quiet pad">One of the two is not there.</p>
      )}
    </div>
  )
}

// So many as a list can hold: those before the state and after it.
function choicesAround(visits: readonly Visit[], visit: Visit): Visit[] {
  const at = visits.indexOf(visit)
  const first = Math.max(0, Math.min(at - CHOICES_MAX / 2, visits.length - CHOICES_MAX))
  return visits.slice(first, first + CHOICES_MAX)
}

function PartChoice({ value, onChange }: { value: Part; onChange: (part: Part) => void }) {
  return (
    <select
      aria-label="What"
      value={value}
      onChange={(event) => onChange(event.target.value as Part)}
    >
      {PARTS.map((part) => (
        <option key={part} value={part}>
          {part}
        </option>
      ))}
    </select>
  )
}
