// Bars of a run's visits over time: one a state, its attempts inside; waiting apart from working.
import { pathOf, type Status, type Visit } from './history'

export interface Piece {
  from: number
  to: number
  kind: 'work' | 'wait' | 'container'
  status: Status
}

export interface Bar {
  visit: Visit
  label: string
  depth: number
  from: number
  to: number
  pieces: Piece[]
}

export interface Timeline {
  from: number
  to: number
  bars: Bar[]
}

function depthOf(visit: Visit): number {
  return visit.inside ? 1 + depthOf(visit.inside.visit) : 0
}

// Of a task: the attempts work; what lies between and before them waits (retries, queues).
function piecesOf(visit: Visit, end: number): Piece[] {
  if (visit.type === 'Wait')
    return [{ from: visit.entered, to: end, kind: 'wait', status: visit.status }]
  const isContainer = visit.type === 'Parallel' || visit.type === 'Map'
  if (visit.attempts.length === 0 || isContainer) {
    const kind = isContainer ? 'container' : 'work'
    return [{ from: visit.entered, to: end, kind, status: visit.status }]
  }
  const pieces: Piece[] = []
  let at = visit.entered
  for (const attempt of visit.attempts) {
    const begin = attempt.started ?? attempt.scheduled
    if (begin > at) pieces.push({ from: at, to: begin, kind: 'wait', status: 'RUNNING' })
    const done = attempt.ended ?? end
    pieces.push({ from: begin, to: done, kind: 'work', status: attempt.status })
    at = Math.max(at, done)
  }
  const retries = visit.status === 'RUNNING' && visit.attempts.at(-1)?.ended !== undefined
  if (retries && end > at) pieces.push({ from: at, to: end, kind: 'wait', status: 'RUNNING' })
  return pieces
}

// `now` ends what is still open.
export function timelineOf(visits: readonly Visit[], now: number): Timeline {
  let from = Number.POSITIVE_INFINITY
  let to = 0
  const bars = visits.map((visit) => {
    const open = visit.status === 'RUNNING'
    const last = visit.attempts.at(-1)?.ended ?? visit.entered
    const end = Math.max(visit.exited ?? (open ? now : last), visit.entered)
    from = Math.min(from, visit.entered)
    to = Math.max(to, end)
    return {
      visit,
      label: pathOf(visit),
      depth: depthOf(visit),
      from: visit.entered,
      to: end,
      pieces: piecesOf(visit, end),
    }
  })
  return {
    from: bars.length > 0 ? from : now,
    to: Math.max(to, bars.length > 0 ? from : now),
    bars,
  }
}
