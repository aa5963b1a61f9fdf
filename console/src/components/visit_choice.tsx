// Which visit of a state is shown, where it was visited more than once: a loop's, a Map's.
import { count } from '../model/format'
import type { Visit } from '../model/history'
import { wordsOf } from './status'
import { Button } from './ui'

const LISTED_MAX = 100

export interface VisitChoiceProps {
  visit: Visit
  visits: Visit[]
  onSelect: (visit: Visit) => void
}

export function VisitChoice({ visit, visits, onSelect }: VisitChoiceProps) {
  const at = visits.indexOf(visit)
  const go = (place: number) => {
    const next = visits[place]
    if (next) onSelect(next)
  }
  const isBad = (one: Visit) => one.status === 'FAILED' || one.status === 'TIMED_OUT'
  const nextBad = [...visits.slice(at + 1), ...visits.slice(0, at)].find(isBad)
  const iteration = visit.inside?.index
  return (
    <div className="pad-side visit-choice">
      <Button aria-label="Visit before" disabled={at <= 0} onClick={() => go(at - 1)}>
        ‹
      </Button>
      {visits.length <= LISTED_MAX ? (
        <label>
          <span className="sr">Visit</span>
          <select value={at} onChange={(event) => go(Number(event.target.value))}>
            {visits.map((one, index) => (
              <option key={one.id} value={index}>
                {index + 1}. {wordsOf(one.status)}
                {one.inside?.index === undefined ? '' : `, iteration ${one.inside.index}`}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <label>
          <span className="sr">Visit</span>
          <input
            type="number"
            min={1}
            max={visits.length}
            value={at + 1}
            onChange={(event) => go(Number(event.target.value) - 1)}
          />
        </label>
      )}
      <span className="quiet">of {count(visits.length)} visits</span>
      <Button
        aria-label="Visit after"
        disabled={at >= visits.length - 1}
        onClick={() => go(at + 1)}
      >
        ›
      </Button>
      {visits.length > LISTED_MAX && iteration !== undefined ? (
        <span className="quiet">iteration {count(iteration)}</span>
      ) : null}
      {nextBad ? <Button onClick={() => onSelect(nextBad)}>Next that failed</Button> : null}
    </div>
  )
}
