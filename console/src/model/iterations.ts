// What ran directly inside a Map or Parallel state.
import type { Status, Visit } from './history'

export interface Iteration {
  index?: number // of a Map state's iterations
  status: Status
  from: number
  to?: number // nothing while it runs
  // The state that tells most: the one that failed, else the one it came to last.
  shown: Visit
}

// Of a Map state one an iteration, in their order; of a Parallel state one a visit of its branches.
export function iterationsOf(visits: readonly Visit[], outer: Visit): Iteration[] {
  const byIndex = new Map<number, Iteration>()
  const found: Iteration[] = []
  for (const visit of visits) {
    if (visit.inside?.visit !== outer) continue
    const { index } = visit.inside
    const one: Iteration = {
      index,
      status: visit.status,
      from: visit.entered,
      to: visit.exited ?? (visit.status === 'RUNNING' ? undefined : visit.entered),
      shown: visit,
    }
    const known = index === undefined ? undefined : byIndex.get(index)
    if (!known) {
      found.push(one)
      if (index !== undefined) byIndex.set(index, one)
      continue
    }
    known.to = one.to
    if (isFailure(known.status)) continue
    known.status = one.status === 'CAUGHT' ? 'SUCCEEDED' : one.status
    known.shown = visit
  }
  return found.sort((a, b) => (a.index ?? 0) - (b.index ?? 0))
}

const isFailure = (status: Status): boolean => status === 'FAILED' || status === 'TIMED_OUT'
