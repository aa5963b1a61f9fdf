// What went into a state and came out of it, its attempts, and what its function printed; without a
// chosen state the execution's own input and output.
import { useMemo, useState } from 'react'
import type { Execution, Explanation } from '../api/types'
import { causeOf } from '../model/cause'
import { duration, shortResource } from '../model/format'
import { type Attempt, type Fault, type History, pathOf, type Visit } from '../model/history'
import { variablesText } from '../model/visit_data'
import { DataCompare } from './data_compare'
import { FunctionLog } from './function_log'
import { Icon } from './icons'
import { IterationsView } from './iterations_view'
import { JsonTree } from './json_tree'
import { MapRunLine } from './map_run_line'
import { StatusBadge } from './status'
import { Elapsed, Time } from './time'
import { Facts, Tabs } from './ui'
import { VisitChoice } from './visit_choice'
import { Words } from './words'

export interface StateDetailsProps {
  execution: Execution
  history: History
  version: number
  visit?: Visit
  visits: Visit[]
  explanation?: Explanation
  onSelect: (visit: Visit) => void
  onClose: () => void
}

export function StateDetails(props: StateDetailsProps) {
  const { execution, visit } = props
  if (visit) return <VisitDetails key={visit.id} {...props} visit={visit} />
  return (
    <>
      <div className="panel-head">
        <h2>Execution</h2>
        <span className="quiet">Choose a state to see into it</span>
      </div>
      <h3>Input</h3>
      <JsonTree text={execution.input} label="Input" />
      <h3>Output</h3>
      <JsonTree text={execution.output} label="Output" />
    </>
  )
}

function VisitDetails({
  execution,
  history,
  version,
  visit,
  visits,
  explanation,
  onSelect,
  onClose,
}: StateDetailsProps & { visit: Visit }) {
  const hasAttempts = visit.attempts.length > 0
  const inside = useInside(history, version, visit)
  const tabs = [
    ...(inside ? [inside] : []),
    { key: 'input', label: 'Input' },
    { key: 'output', label: 'Output' },
    ...(visit.variables ? [{ key: 'variables', label: 'Variables' }] : []),
    ...(visit.fault ? [{ key: 'error', label: 'Error' }] : []),
    ...(hasAttempts ? [{ key: 'attempts', label: 'Attempts', count: visit.attempts.length }] : []),
    { key: 'compare', label: 'Compare' },
  ]
  const [tab, setTab] = useState(visit.fault ? 'error' : 'input')
  const wait = explanation?.waitsFor.find((one) => one.path === pathOf(visit))
  return (
    <>
      <div className="panel-head">
        <h2>{pathOf(visit)}</h2>
        <StatusBadge status={visit.status} />
        <button
          type="button"
          className="icon-button"
          aria-label="Close the state"
          onClick={onClose}
        >
          <Icon name="cross" />
        </button>
      </div>
      {visits.length > 1 ? <VisitChoice visit={visit} visits={visits} onSelect={onSelect} /> : null}
      <div className="pad-side">
        <Facts
          facts={[
            ['Type', visit.type],
            ['Entered', <Time key="entered" at={visit.entered} />],
            [
              'Took',
              <Elapsed key="took" from={visit.entered} to={endOf(visit) ?? execution.stopDate} />,
            ],
            ['Map Run', visit.mapRunArn ? <MapRunLine arn={visit.mapRunArn} /> : undefined],
          ]}
        />
        {wait ? (
          <p className="wait">
            It <Words text={wait.explanation} />
          </p>
        ) : null}
      </div>
      <Tabs tabs={tabs} active={tab} onChange={setTab} label="Data of the state" />
      {tab === 'inside' ? (
        <IterationsView history={history} version={version} visit={visit} onSelect={onSelect} />
      ) : null}
      {tab === 'input' ? <JsonTree text={visit.input} label="Input" /> : null}
      {tab === 'output' ? <JsonTree text={visit.output} label="Output" /> : null}
      {tab === 'variables' ? <JsonTree text={variablesText(visit)} label="Variables" /> : null}
      {tab === 'error' && visit.fault ? <FaultView fault={visit.fault} /> : null}
      {tab === 'compare' ? <DataCompare history={history} visit={visit} /> : null}
      {tab === 'attempts' ? (
        <ol className="attempts">
          {visit.attempts.map((attempt, index) => (
            <AttemptView key={attempt.id} attempt={attempt} number={index + 1} />
          ))}
        </ol>
      ) : null}
    </>
  )
}

// The tab of what ran inside a container.
function useInside(history: History, version: number, visit: Visit) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the history grows in place
  return useMemo(() => {
    if (visit.type !== 'Map' && visit.type !== 'Parallel') return undefined
    if (visit.iterations?.started) {
      return { key: 'inside', label: 'Iterations', count: visit.iterations.started }
    }
    const states = history.visits.filter((one) => one.inside?.visit === visit).length
    return states > 0 ? { key: 'inside', label: 'Branches', count: states } : undefined
  }, [history, version, visit])
}

const endOf = (visit: Visit): number | undefined =>
  visit.exited ??
  (visit.status === 'RUNNING' ? undefined : (visit.attempts.at(-1)?.ended ?? visit.entered))

function FaultView({ fault }: { fault: Fault }) {
  const cause = causeOf(fault.cause)
  return (
    <div className="pad fault">
      <code className="fault-name">{fault.error ?? 'No error name'}</code>
      {cause.text ? <pre>{cause.text}</pre> : <p className="quiet">No cause was given.</p>}
      {cause.trace ? <pre className="quiet">{cause.trace}</pre> : null}
    </div>
  )
}

function AttemptView({ attempt, number }: { attempt: Attempt; number: number }) {
  const [open, setOpen] = useState<'parameters' | 'result' | 'log'>()
  const name = functionOf(attempt)
  const toggle = (what: typeof open) => setOpen(open === what ? undefined : what)
  const parts: ['parameters' | 'result' | 'log', string, boolean][] = [
    ['parameters', 'Parameters', attempt.parameters !== undefined],
    ['result', 'Result', attempt.result !== undefined],
    ['log', 'Log', name !== undefined],
  ]
  return (
    <li>
      <div className="attempt-head">
        <strong>Attempt {number}</strong>
        <StatusBadge status={attempt.status} />
        {attempt.ended ? (
          <span className="quiet">{duration(attempt.ended - attempt.scheduled)}</span>
        ) : null}
      </div>
      <p className="quiet">
        {attempt.resource ? shortResource(attempt.resource) : null}
        {attempt.worker ? ` by ${attempt.worker}` : null}
      </p>
      {attempt.fault ? <FaultView fault={attempt.fault} /> : null}
      <div className="attempt-parts">
        {parts.map(([key, label, there]) =>
          there ? (
            <button
              key={key}
              type="button"
              className="chip"
              aria-pressed={open === key}
              onClick={() => toggle(key)}
            >
              {label}
            </button>
          ) : null,
        )}
      </div>
      {open === 'parameters' ? <JsonTree text={attempt.parameters} label="Parameters" /> : null}
      {open === 'result' ? <JsonTree text={attempt.result} label="Result" /> : null}
      {open === 'log' && name ? (
        <FunctionLog name={name} from={attempt.started ?? attempt.scheduled} to={attempt.ended} />
      ) : null}
    </li>
  )
}

// The function that an attempt has called, by either form of the resource.
function functionOf(attempt: Attempt): string | undefined {
  const direct = /^arn:aws[^:]*:lambda:[^:]*:[^:]*:function:([^:]+)/.exec(attempt.resource ?? '')
  if (direct) return direct[1]
  if (!attempt.resource?.startsWith('lambda:')) return undefined
  try {
    const given = (JSON.parse(attempt.parameters ?? '{}') as { FunctionName?: string }).FunctionName
    return given && (/:function:([^:]+)/.exec(given)?.[1] ?? given)
  } catch {
    return undefined
  }
}
