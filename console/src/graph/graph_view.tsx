// A definition as a graph, coloured by a run where there is one.
import {
  Background,
  BaseEdge,
  Controls,
  type Edge,
  type EdgeProps,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  type ReactFlowInstance,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import './graph.css'
import { memo, useEffect, useMemo, useRef, useState } from 'react'
import { Icon, type IconName } from '../components/icons'
import { StatusIcon, toneOf, wordsOf } from '../components/status'
import type { Block, StateNode } from '../model/definition'
import { count, shortResource } from '../model/format'
import type { Overlay, Progress } from '../model/progress'
import { type Box, layoutOf, type Point } from './layout'
import { roundedPath } from './path'

const TYPE_ICONS: Record<string, IconName> = {
  Task: 'functions',
  Choice: 'fork',
  Wait: 'clock',
  Parallel: 'list',
  Map: 'stacks',
  Pass: 'chevron',
  Succeed: 'check',
  Fail: 'cross',
}

interface StateData extends Record<string, unknown> {
  state?: StateNode
  progress?: Progress
  items?: Record<string, number> // of its newest Map Run
  isStart: boolean
  mark?: 'added' | 'removed' | 'changed'
}

const ways = (
  <>
    <Handle type="target" position={Position.Top} isConnectable={false} />
    <Handle type="source" position={Position.Bottom} isConnectable={false} />
  </>
)

const StateBox = memo(function StateBox({ data, selected }: NodeProps<Node<StateData>>) {
  const { state, progress, mark } = data
  if (!state)
    return <div className={data.isStart ? 'g-point g-start' : 'g-point g-end'}>{ways}</div>
  const tone = progress ? `tone-${toneOf(progress.status)}` : ''
  const choice = selected ? 'g-selected' : ''
  const container = state.blocks.length > 0 ? 'g-container' : ''
  return (
    <div
      className={['g-state', tone, container, choice, mark ? `g-${mark}` : ''].join(' ')}
      title={state.comment}
    >
      {ways}
      <div className="g-head">
        <span className="g-type">
          <Icon name={TYPE_ICONS[state.type] ?? 'chevron'} />
        </span>
        <span className="g-words">
          <span className="g-name">{state.name}</span>
          <span className="g-more">
            {state.resource ? shortResource(state.resource) : state.type}
            <Counts progress={progress} state={state} items={data.items} />
          </span>
        </span>
        {progress ? <StatusIcon status={progress.status} /> : null}
      </div>
    </div>
  )
})

interface CountsProps {
  progress?: Progress
  state: StateNode
  items?: Record<string, number>
}

// "3 visits, 5 attempts", or of a Map state how its iterations stand.
function Counts({ progress, state, items }: CountsProps) {
  if (!progress) return null
  const words: string[] = []
  if (items) {
    words.push(`${count(items.succeeded ?? 0)}/${count(items.total ?? 0)} items`)
    const failed = (items.failed ?? 0) + (items.timedOut ?? 0) + (items.aborted ?? 0)
    if (failed > 0) words.push(`${count(failed)} failed`)
  }
  const iterations = progress.visits.at(-1)?.iterations
  if (state.type === 'Map' && iterations?.started) {
    const done = iterations.succeeded + iterations.failed + iterations.aborted
    words.push(`${count(done)}/${count(iterations.total ?? iterations.started)} done`)
    if (iterations.failed) words.push(`${count(iterations.failed)} failed`)
  }
  if (progress.visits.length > 1) words.push(`×${count(progress.visits.length)}`)
  const retries =
    progress.attempts - progress.visits.filter((one) => one.attempts.length > 0).length
  if (retries > 0) words.push(`${count(retries)} ${retries === 1 ? 'retry' : 'retries'}`)
  return words.length > 0 ? <span className="g-count"> · {words.join(' · ')}</span> : null
}

interface WayData extends Record<string, unknown> {
  points: Point[]
  labelAt?: Point
}

// As the layout has routed it: around what stands in the way.
function Way({ data, label, markerEnd }: EdgeProps<Edge<WayData>>) {
  return (
    <BaseEdge
      path={roundedPath(data?.points ?? [])}
      markerEnd={markerEnd}
      label={label}
      labelX={data?.labelAt?.x}
      labelY={data?.labelAt?.y}
      labelShowBg
      labelBgPadding={[5, 2]}
      labelBgBorderRadius={4}
    />
  )
}

const NODE_TYPES = { state: StateBox }
const EDGE_TYPES = { way: Way }

const handlesOf = (box: Box): Node['handles'] => [
  { type: 'target', position: Position.Top, x: box.width / 2, y: 0, width: 1, height: 1 },
  {
    type: 'source',
    position: Position.Bottom,
    x: box.width / 2,
    y: box.height,
    width: 1,
    height: 1,
  },
]

const byDepth = (box: Box) => box.id.split('#').length

export interface GraphViewProps {
  definition: Block
  overlay?: Overlay
  items?: ReadonlyMap<string, Record<string, number>> // by the Map Run's ARN
  selected?: string
  onSelect?: (id: string | undefined) => void
  marks?: ReadonlyMap<string, 'added' | 'removed' | 'changed'>
  label: string
}

export default function GraphView(props: GraphViewProps) {
  const { definition, overlay, items, selected, onSelect, marks } = props
  const frame = useRef<HTMLDivElement>(null)
  const [flow, setFlow] = useState<ReactFlowInstance<Node<StateData>, Edge>>()
  const layout = useMemo(() => layoutOf(definition), [definition])
  const nodes = useMemo(
    () =>
      layout.boxes.map(
        (box): Node<StateData> => ({
          id: box.id,
          type: 'state',
          position: { x: box.x, y: box.y },
          parentId: box.parent,
          width: box.width,
          height: box.height,
          // Known beforehand: nothing waits for a measurement, which a new colour would undo.
          measured: { width: box.width, height: box.height },
          handles: handlesOf(box),
          selected: box.id === selected,
          selectable: box.state !== undefined,
          focusable: box.state !== undefined,
          draggable: false,
          connectable: false,
          zIndex: byDepth(box),
          ariaLabel: labelOf(box, overlay),
          data: {
            state: box.state,
            progress: overlay?.states.get(box.id),
            items: items?.get(overlay?.states.get(box.id)?.visits.at(-1)?.mapRunArn ?? ''),
            isStart: box.id.endsWith('#start'),
            mark: marks?.get(box.id),
          },
        }),
      ),
    [layout, overlay, items, selected, marks],
  )
  const edges = useMemo(
    () =>
      layout.lines.map((line): Edge => {
        const taken = overlay?.taken.get(line.id)
        const tone = taken ? 'g-taken' : overlay ? 'g-idle' : ''
        return {
          id: line.id,
          source: line.from,
          target: line.to,
          type: 'way',
          data: { points: line.points, labelAt: line.labelAt },
          className: `g-line g-${line.kind} ${tone}`,
          label: shorten(line.label),
          focusable: false,
          zIndex: line.from.split('#').length,
          markerEnd: { type: MarkerType.ArrowClosed, width: 15, height: 15 },
        }
      }),
    [layout, overlay],
  )
  useFitting(frame, flow, layout)
  return (
    <div className="graph" ref={frame} role="group" aria-label={props.label}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onInit={setFlow}
        onNodeClick={(_, node) => (node.data.state ? onSelect?.(node.id) : undefined)}
        onPaneClick={() => onSelect?.(undefined)}
        onNodesChange={(changes) => {
          const chosen = changes.find((change) => change.type === 'select' && change.selected)
          if (chosen?.type === 'select' && chosen.id !== selected) onSelect?.(chosen.id)
        }}
        minZoom={0.1}
        maxZoom={1.6}
        nodesDraggable={false}
        nodesConnectable={false}
        onlyRenderVisibleElements={layout.boxes.length > 150}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={20} size={1} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  )
}

// The whole graph in sight, now and when the frame changes; small ones are not blown up.
function useFitting(
  frame: React.RefObject<HTMLDivElement | null>,
  flow: ReactFlowInstance<Node<StateData>, Edge> | undefined,
  layout: object,
): void {
  useEffect(() => {
    if (!flow || !frame.current) return
    const fit = () => void flow.fitView({ maxZoom: 1, minZoom: 0.4, padding: 0.08 })
    void layout
    const timer = setTimeout(fit, 0)
    const observer = new ResizeObserver(fit)
    observer.observe(frame.current)
    return () => {
      clearTimeout(timer)
      observer.disconnect()
    }
  }, [flow, frame, layout])
}

function labelOf(box: Box, overlay: Overlay | undefined): string | undefined {
  if (!box.state) return undefined
  const progress = overlay?.states.get(box.id)
  const status = progress ? wordsOf(progress.status) : overlay ? 'not visited' : ''
  return [box.state.name, box.state.type, status].filter(Boolean).join(', ')
}

function shorten(label: string | undefined): string | undefined {
  return label && label.length > 34 ? `${label.slice(0, 33)}…` : label
}
