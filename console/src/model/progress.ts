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
  part?: 'input' | 'output' | 'error' // of the state's data, where that is what differs
}

const wordOf = (status: Status): string => status.replace('_', ' ').toLowerCase()

// Ways and inputs, which a state is given; beside them what it made of them.
function differenceOf(a: Visit, b: Visit): Omit<Divergence, 'index'> | undefined {
  if (a.name !== b.name) return { why: `${a.name} here, ${b.name} there` }
  if (a.input !== b.input) return { why: `${a.name} has another input`, part: 'input' }
  if (a.status !== b.status) {
    const why = `${a.name}: ${wordOf(a.status)} against ${wordOf(b.status)}`
    return a.fault && b.fault ? { why, part: 'error' } : { why }
  }
  if (a.attempts.length !== b.attempts.length) {
    return { why: `${a.name}: ${a.attempts.length} against ${b.attempts.length} attempts` }
  }
  if (a.output !== b.output) return { why: `${a.name} has another output`, part: 'output' }
  return undefined
}

export function firstDivergence(left: History, right: History): Divergence | undefined {
  const shared = Math.min(left.visits.length, right.visits.length)
  // Of a Map or Parallel state that came out differently the reason may stand inside it.
  let around: { visit: Visit; found: Divergence } | undefined
  for (let index = 0; index < shared; index += 1) {
    const a = left.visits[index] as Visit
    const b = right.visits[index] as Visit
    if (around && !isInside(a, around.visit)) return around.found
    const difference = differenceOf(a, b)
    if (!difference) continue
    const found = { index, ...difference }
    const isContainer = a.type === 'Map' || a.type === 'Parallel'
    if (!isContainer || a.name !== b.name || a.input !== b.input) return found
    around ??= { visit: a, found }
  }
  if (around) return around.found
  if (left.visits.length === right.visits.length) return undefined
  const longer = left.visits.length > right.visits.length ? left : right
  return { index: shared, why: `only one of them came to ${longer.visits[shared]?.name}` }
}

function isInside(visit: Visit, outer: Visit): boolean {
  for (let at = visit.inside?.visit; at; at = at.inside?.visit) if (at === outer) return true
  return false
}

export function hasNode(block: Block, id: string): boolean {
  for (const node of allNodes(block)) if (node.id === id) return true
  return false
}
