// A definition in the Amazon States Language as blocks of states and the ways between them.
// Reads what is there and skips what is not as it should be: a definition that is being typed is
// drawn too.

export interface StateNode {
  // Path of names: "Each#0/Call" is Call in the first block of Each.
  id: string
  name: string
  type: string
  resource?: string
  comment?: string
  blocks: Block[]
}

export interface Edge {
  from: string // a state's id, or START
  to: string // a state's id, or END
  kind: 'next' | 'choice' | 'default' | 'catch'
  label?: string
}

export interface Block {
  nodes: StateNode[]
  edges: Edge[]
}

export const START = '#start'
export const END = '#end'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type Fields = { [name: string]: Json }

export function parseDefinition(source: string): Block | undefined {
  try {
    const parsed = JSON.parse(source) as Json
    return isFields(parsed) ? blockOf(parsed, '') : undefined
  } catch {
    return undefined
  }
}

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: Json | undefined) => (typeof value === 'string' ? value : undefined)
const listOf = (value: Json | undefined) => (Array.isArray(value) ? value.filter(isFields) : [])

function blockOf(machine: Fields, prefix: string): Block {
  const states = isFields(machine.States) ? machine.States : {}
  const nodes: StateNode[] = []
  const edges: Edge[] = []
  const idOf = (name: string) => prefix + name
  const first = textOf(machine.StartAt)
  if (first !== undefined && first in states) {
    edges.push({ from: prefix + START, to: idOf(first), kind: 'next' })
  }
  for (const [name, state] of Object.entries(states)) {
    if (!isFields(state)) continue
    nodes.push(nodeOf(name, state, idOf(name)))
    for (const edge of waysOf(state)) {
      const to = edge.to === undefined ? prefix + END : idOf(edge.to)
      if (edge.to !== undefined && !(edge.to in states)) continue
      edges.push({ from: idOf(name), to, kind: edge.kind, label: edge.label })
    }
  }
  return { nodes, edges }
}

function nodeOf(name: string, state: Fields, id: string): StateNode {
  const type = textOf(state.Type) ?? 'Pass'
  const inner =
    type === 'Parallel'
      ? listOf(state.Branches)
      : type === 'Map'
        ? [state.ItemProcessor ?? state.Iterator].filter(isFields)
        : []
  return {
    id,
    name,
    type,
    resource: textOf(state.Resource),
    comment: textOf(state.Comment),
    blocks: inner.map((machine, index) => blockOf(machine, `${id}#${index}/`)),
  }
}

interface Way {
  to?: string // undefined: the end
  kind: Edge['kind']
  label?: string
}

function waysOf(state: Fields): Way[] {
  const ways: Way[] = []
  const next = textOf(state.Next)
  if (next !== undefined) ways.push({ to: next, kind: 'next' })
  for (const rule of listOf(state.Choices)) {
    ways.push({ to: textOf(rule.Next) ?? '', kind: 'choice', label: conditionOf(rule) })
  }
  const fallback = textOf(state.Default)
  if (fallback !== undefined) ways.push({ to: fallback, kind: 'default', label: 'default' })
  for (const catcher of listOf(state.Catch)) {
    const names = Array.isArray(catcher.ErrorEquals) ? catcher.ErrorEquals.join(', ') : ''
    ways.push({ to: textOf(catcher.Next) ?? '', kind: 'catch', label: names })
  }
  const ends = state.End === true || state.Type === 'Succeed' || state.Type === 'Fail'
  if (ends) ways.push({ kind: 'next' })
  return ways
}

const OPERATORS: [RegExp, string][] = [
  [/GreaterThanEquals(Path)?$/, '≥'],
  [/LessThanEquals(Path)?$/, '≤'],
  [/GreaterThan(Path)?$/, '>'],
  [/LessThan(Path)?$/, '<'],
  [/Equals(Path)?$/, '='],
  [/Matches$/, '~'],
]

// A rule in few characters, for the edge that it stands for.
export function conditionOf(rule: Fields): string {
  const condition = textOf(rule.Condition)
  if (condition !== undefined) return condition.replace(/^\{%\s*|\s*%\}$/g, '')
  if (isFields(rule.Not)) return `not (${conditionOf(rule.Not)})`
  for (const [name, word] of [['And', ' and '] as const, ['Or', ' or '] as const]) {
    const parts = listOf(rule[name])
    if (parts.length > 0) return parts.map(conditionOf).join(word)
  }
  const variable = textOf(rule.Variable) ?? ''
  for (const [name, value] of Object.entries(rule)) {
    if (['Variable', 'Next', 'Comment', 'Assign', 'Output'].includes(name)) continue
    if (name.startsWith('Is')) {
      const words = name.slice(2).toLowerCase()
      return `${variable} is ${value === false ? 'not ' : ''}${words}`
    }
    const operator = OPERATORS.find(([pattern]) => pattern.test(name))?.[1] ?? name
    return `${variable} ${operator} ${typeof value === 'string' ? value : JSON.stringify(value)}`
  }
  return variable
}

export function* allNodes(block: Block): Generator<StateNode> {
  for (const node of block.nodes) {
    yield node
    for (const inner of node.blocks) yield* allNodes(inner)
  }
}

export function countStates(block: Block): number {
  let count = 0
  for (const _ of allNodes(block)) count += 1
  return count
}
