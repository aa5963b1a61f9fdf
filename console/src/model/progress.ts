// A run laid over its definition: which states stand in which status, which ways were taken.
import { allNodes, type Block, END, START, type StateNode } from './definition'
import type { History, Status, Visit } from './history'

export interface Progress {
  status: Status
  visits: Visit[]
  attempts: number // of all visits
  counts: Partial<Record<Status, number>>
}

export interface Overlay {
  states: Map<string, Progress> // by the node's id
  taken: Map<string, number> // by edgeKey
}

export const edgeKey = (from: string, to: string): string => `${from} → ${to}`

// What stands out when a state was visited more than once.
const LOUDEST: Status[] = ['RUNNING', 'FAILED', 'TIMED_OUT', 'ABORTED', 'CAUGHT', 'SUCCEEDED']

export function overlay(root: Block, history: History): Overlay {
  const nodeOf = new Map<Visit, StateNode>()
  const lastOf = new Map<string, string>() // strand and block -> the last node
  const result: Overlay = { states: new Map(), taken: new Map() }
  const take = (from: string, to: string) => {
    const key = edgeKey(from, to)
    result.taken.set(key, (result.taken.get(key) ?? 0) + 1)
  }
  for (const visit of history.visits) {
    const outer = visit.inside && nodeOf.get(visit.inside.visit)
    const blocks = visit.inside ? (outer?.blocks ?? []) : [root]
    const place = blocks.findIndex((block) => block.nodes.some((one) => one.name === visit.name))
    const node = blocks[place]?.nodes.find((one) => one.name === visit.name)
    if (!node) continue
    nodeOf.set(visit, node)
    const strand = `${visit.inside?.visit.id ?? ''}/${visit.inside?.index ?? ''}/${place}`
    const before = lastOf.get(strand)
    take(before ?? `${outer ? `${outer.id}#${place}/` : ''}${START}`, node.id)
    lastOf.set(strand, node.id)
    addVisit(result.states, node.id, visit)
  }
  if (history.status === 'SUCCEEDED') {
    const last = lastOf.get('//0')
    if (last !== undefined) take(last, END)
  }
  return result
}

function addVisit(states: Map<string, Progress>, id: string, visit: Visit): void {
  const known = states.get(id) ?? { status: visit.status, visits: [], attempts: 0, counts: {} }
  known.visits.push(visit)
  known.attempts += visit.attempts.length
  known.counts[visit.status] = (known.counts[visit.status] ?? 0) + 1
  const newest = visit.status
  const loud = LOUDEST.find((status) => known.counts[status])
  // In a loop the last visit tells how it went; in a Map the loudest of all.
  known.status =
    visit.inside?.index === undefined && newest !== 'RUNNING' ? newest : (loud ?? newest)
  states.set(id, known)
}

// The first events in which two runs differ: what happened, or with which outcome.
export interface Divergence {
  index: number
  why: string
}

export function firstDivergence(left: History, right: History): Divergence | undefined {
  const shared = Math.min(left.visits.length, right.visits.length)
  for (let index = 0; index < shared; index += 1) {
    const a = left.visits[index] as Visit
    const b = right.visits[index] as Visit
    if (a.name !== b.name) return { index, why: `${a.name} here, ${b.name} there` }
    if (a.status !== b.status) return { index, why: `${a.name}: ${a.status} against ${b.status}` }
    if (a.input !== b.input) return { index, why: `${a.name} has another input` }
    if (a.attempts.length !== b.attempts.length) {
      return { index, why: `${a.name}: ${a.attempts.length} against ${b.attempts.length} attempts` }
    }
    if (a.output !== b.output) return { index, why: `${a.name} has another output` }
  }
  if (left.visits.length === right.visits.length) return undefined
  const longer = left.visits.length > right.visits.length ? left : right
  return { index: shared, why: `only one of them came to ${longer.visits[shared]?.name}` }
}

export function hasNode(block: Block, id: string): boolean {
  for (const node of allNodes(block)) if (node.id === id) return true
  return false
}
