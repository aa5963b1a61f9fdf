// Two definitions as one graph: states of either, marked where only one has them or where they
// are not the same. A state with states inside counts as changed where its own fields are.
import { allNodes, type Block, type Edge, type StateNode } from './definition'

export type Mark = 'added' | 'removed' | 'changed'

export interface DefinitionDiff {
  block: Block
  marks: Map<string, Mark>
}

type Fields = Record<string, unknown>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Members in one order, so that the order in which they were written makes no difference.
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isFields(value)) return JSON.stringify(value) ?? 'null'
  const members = Object.keys(value).sort()
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
}

// Each state's own fields by its id, as model/definition.ts names them; blocks by "id#index/".
export function fieldsOf(source: string): Map<string, string> {
  const found = new Map<string, string>()
  const visit = (machine: unknown, prefix: string) => {
    if (!isFields(machine)) return
    const { States, ...own } = machine
    found.set(prefix, canonical(own))
    for (const [name, state] of Object.entries(isFields(States) ? States : {})) {
      if (!isFields(state)) continue
      const id = prefix + name
      const { Branches, ItemProcessor, Iterator: iterator, ...rest } = state
      found.set(id, canonical(rest))
      const inner =
        state.Type === 'Parallel' && Array.isArray(Branches)
          ? Branches
          : [ItemProcessor ?? iterator]
      for (const [index, block] of inner.entries()) visit(block, `${id}#${index}/`)
    }
  }
  try {
    visit(JSON.parse(source), '')
  } catch {
    // What is no JSON has no states.
  }
  return found
}

function mergeBlocks(before: Block | undefined, after: Block | undefined): Block {
  const old = new Map((before?.nodes ?? []).map((node) => [node.name, node]))
  const nodes: StateNode[] = (after?.nodes ?? []).map((node) => {
    const was = old.get(node.name)
    old.delete(node.name)
    return was ? { ...node, blocks: mergeInner(was, node) } : node
  })
  nodes.push(...old.values())
  const edges = new Map<string, Edge>()
  for (const edge of [...(after?.edges ?? []), ...(before?.edges ?? [])]) {
    const key = `${edge.from} ${edge.to} ${edge.kind}`
    if (!edges.has(key)) edges.set(key, edge)
  }
  return { nodes, edges: [...edges.values()] }
}

function mergeInner(before: StateNode, after: StateNode): Block[] {
  const length = Math.max(before.blocks.length, after.blocks.length)
  return Array.from({ length }, (_, index) =>
    mergeBlocks(before.blocks[index], after.blocks[index]),
  )
}

export function diffDefinitions(
  before: { source: string; block: Block },
  after: { source: string; block: Block },
): DefinitionDiff {
  const block = mergeBlocks(before.block, after.block)
  const old = fieldsOf(before.source)
  const now = fieldsOf(after.source)
  const marks = new Map<string, Mark>()
  for (const node of allNodes(block)) {
    const was = old.get(node.id)
    const is = now.get(node.id)
    if (was === undefined) marks.set(node.id, 'added')
    else if (is === undefined) marks.set(node.id, 'removed')
    else if (was !== is || blocksDiffer(node, old, now)) marks.set(node.id, 'changed')
  }
  return { block, marks }
}

// Where a block inside begins, or what else is its own, and not of a state.
function blocksDiffer(node: StateNode, old: Map<string, string>, now: Map<string, string>) {
  return node.blocks.some((_, index) => {
    const id = `${node.id}#${index}/`
    return old.get(id) !== now.get(id)
  })
}
