// Where the states of a definition stand: each block on its own, the innermost first, so that a
// container is as large as what it holds.
import { Graph, layout } from '@dagrejs/dagre'
import { type Block, END, START, type StateNode } from '../model/definition'
import { shortResource } from '../model/format'
import { edgeKey } from '../model/progress'

export interface Box {
  id: string
  parent?: string
  x: number // within the parent
  y: number
  width: number
  height: number
  state?: StateNode // nothing: a start or an end
}

export interface Line {
  id: string
  from: string
  to: string
  kind: 'next' | 'choice' | 'default' | 'catch'
  label?: string
  // Where it runs, and where its label stands: within the whole graph.
  points: Point[]
  labelAt?: Point
}

export interface Point {
  x: number
  y: number
}

export interface Layout {
  boxes: Box[] // parents before what they hold
  lines: Line[]
  width: number
  height: number
}

const STATE_HEIGHT = 54
const POINT = 22
const PADDING = 18
const HEAD = 46
const GAP = 22
const COUNTS_LENGTH = 12 // of " · 3 retries"

function widthOf(node: StateNode): number {
  const kind = node.resource ? shortResource(node.resource) : node.type
  const below = Math.min(kind.length, 22) + COUNTS_LENGTH
  const longest = Math.max(node.name.length * 7.8 + 98, below * 6.1 + 86)
  return Math.min(Math.max(Math.round(longest), 168), 310)
}

// Inside a container it is plain where one begins and ends: only the whole has points for that.
export function layoutOf(root: Block, prefix = ''): Layout {
  const graph = new Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'TB', nodesep: 34, ranksep: 34, edgesep: 24, marginx: 4, marginy: 4 })
  graph.setDefaultEdgeLabel(() => ({}))
  const inner = new Map<string, Layout[]>()
  for (const node of root.nodes) {
    const blocks = node.blocks.map((block, index) => layoutOf(block, `${node.id}#${index}/`))
    inner.set(node.id, blocks)
    const held = blocks.reduce((sum, one) => sum + one.width, 0) + GAP * (blocks.length - 1)
    const tallest = Math.max(0, ...blocks.map((one) => one.height))
    const isContainer = blocks.length > 0
    graph.setNode(node.id, {
      width: isContainer ? Math.max(held + 2 * PADDING, widthOf(node)) : widthOf(node),
      height: isContainer ? tallest + HEAD + PADDING : STATE_HEIGHT,
    })
  }
  const lines = new Map<string, Line>()
  for (const edge of root.edges) {
    const isPoint = edge.from === prefix + START || edge.to === prefix + END
    if (isPoint && prefix !== '') continue
    for (const end of [edge.from, edge.to]) {
      if (end === prefix + START || end === prefix + END) {
        graph.setNode(end, { width: POINT, height: POINT })
      }
    }
    const id = edgeKey(edge.from, edge.to)
    const known = lines.get(id)
    // Two ways between the same states are one line with both labels.
    const label = [known?.label, edge.label].filter(Boolean).join(' | ') || undefined
    const kind = known?.kind ?? edge.kind
    lines.set(id, { id, from: edge.from, to: edge.to, kind, label, points: [] })
    const room = label ? { width: Math.min(label.length, 34) * 6.2 + 10, height: 18 } : {}
    graph.setEdge(edge.from, edge.to, { ...room, labelpos: 'c' }, id)
  }
  layout(graph)
  for (const line of lines.values()) {
    const way = graph.edge(line.from, line.to, line.id) as Point & { points: Point[] }
    line.points = way.points
    if (line.label) line.labelAt = { x: way.x, y: way.y }
  }
  const size = graph.graph() as { width?: number; height?: number }
  const result: Layout = {
    boxes: [],
    lines: [...lines.values()],
    width: finite(size.width),
    height: finite(size.height),
  }
  const states = new Map(root.nodes.map((node) => [node.id, node]))
  for (const id of graph.nodes()) {
    const { x, y, width, height } = graph.node(id) as Box
    const box = { id, x: x - width / 2, y: y - height / 2, width, height, state: states.get(id) }
    result.boxes.push(box)
    placeInside(result, box, inner.get(id) ?? [])
  }
  return result
}

const finite = (value: number | undefined): number =>
  value !== undefined && Number.isFinite(value) ? value : 0

const moved = (point: Point, by: Point): Point => ({ x: point.x + by.x, y: point.y + by.y })

// The blocks of a container side by side, in its middle.
function placeInside(result: Layout, outer: Box, blocks: Layout[]): void {
  const held = blocks.reduce((sum, one) => sum + one.width, 0) + GAP * (blocks.length - 1)
  let left = (outer.width - held) / 2
  for (const block of blocks) {
    for (const box of block.boxes) {
      const isTop = box.parent === undefined
      const shift = isTop ? { x: box.x + left, y: box.y + HEAD, parent: outer.id } : {}
      result.boxes.push({ ...box, ...shift })
    }
    const by = { x: outer.x + left, y: outer.y + HEAD }
    for (const line of block.lines) {
      result.lines.push({
        ...line,
        points: line.points.map((point) => moved(point, by)),
        labelAt: line.labelAt && moved(line.labelAt, by),
      })
    }
    left += block.width + GAP
  }
}
