// Two runs side by side, with the first place where they differ.
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { pawl } from '../api/client'
import { executionQuery } from '../api/queries'
import { useRun } from '../api/run'
import type { ExecutionItem } from '../api/types'
import { DiffView } from '../components/diff_view'
import { Link } from '../components/link'
import { StatusBadge, StatusIcon, wordsOf } from '../components/status'
import { Button, Loading, PageHead, Problem } from '../components/ui'
import { lastPart, machineOfExecution, shortTime } from '../model/format'
import { pathOf, type Visit } from '../model/history'
import { firstDivergence } from '../model/progress'
import { comparable, type Part, partOf } from '../model/visit_data'
import { changeQuery, executionPage } from '../router'

export function ComparePage({ query }: { query: URLSearchParams }) {
  const left = query.get('left') ?? ''
  const right = query.get('right') ?? ''
  return (
    <div className="page">
      <PageHead title="Compare two executions" />
      <Choice left={left} right={right} />
      {left && right ? <Both key={`${left} ${right}`} left={left} right={right} /> : null}
    </div>
  )
}

function Choice({ left, right }: { left: string; right: string }) {
  const [a, setA] = useState(left)
  const [b, setB] = useState(right)
  const others = useOthers(left)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    changeQuery({ left: a.trim(), right: b.trim() }, 'push')
  }
  return (
    <form className="compare-choice" onSubmit={submit}>
      <label>
        One execution’s ARN
        <input value={a} onChange={(event) => setA(event.target.value)} />
      </label>
      <label>
        The other’s ARN
        <input
          value={b}
          list="others"
          placeholder={others.length > 0 ? 'Choose one of the newest, or paste an ARN' : ''}
          onChange={(event) => setB(event.target.value)}
        />
        <datalist id="others">
          {others.map((one) => (
            <option key={one.executionArn} value={one.executionArn}>
              {wordsOf(one.status)}, {shortTime(one.startDate)}
            </option>
          ))}
        </datalist>
      </label>
      <Button type="submit" kind="main" disabled={a.trim() === '' || b.trim() === ''}>
        Compare
      </Button>
    </form>
  )
}

const OTHERS = 30

// The newest executions of the same state machine.
function useOthers(arn: string): ExecutionItem[] {
  const machine = machineOfExecution(arn)
  const { data } = useQuery({
    queryKey: ['executions', 'others', machine],
    enabled: machine !== '',
    queryFn: () =>
      pawl<{ executions: ExecutionItem[] }>('list', { stateMachineArn: machine, limit: OTHERS }),
  })
  return (data?.executions ?? []).filter((one) => one.executionArn !== arn)
}

// What parts them, where that is data.
function Parting({ left, right, part }: { left?: Visit; right?: Visit; part: Part }) {
  const before = comparable(left && partOf(left, part))
  const after = comparable(right && partOf(right, part))
  return (
    <section className="panel" aria-label={`The ${part} of both`}>
      <div className="panel-head">
        <h2>
          {left ? pathOf(left) : ''}: {part} of both
        </h2>
      </div>
      <DiffView before={before} after={after} label={`The ${part} of both`} />
    </section>
  )
}

function Both({ left, right }: { left: string; right: string }) {
  const a = useRun(left)
  const b = useRun(right)
  const error = a.error ?? b.error
  if (error) return <Problem error={error} />
  if (!a.complete || !b.complete) return <Loading what="Reading both histories" />
  const divergence = firstDivergence(a.history, b.history)
  const rows = Math.min(Math.max(a.history.visits.length, b.history.visits.length), 1000)
  return (
    <>
      <div className={divergence ? 'banner tone-late' : 'banner tone-good'} role="status">
        <div className="banner-words">
          {divergence ? (
            <p>
              <strong>They part at step {divergence.index + 1}:</strong> {divergence.why}.
            </p>
          ) : (
            <p>
              <strong>They went the same way,</strong> with the same data at each state.
            </p>
          )}
        </div>
      </div>
      {divergence?.part ? (
        <Parting
          left={a.history.visits[divergence.index]}
          right={b.history.visits[divergence.index]}
          part={divergence.part}
        />
      ) : null}
      <section className="panel" aria-label="Steps of both">
        <table className="plain-table">
          <thead>
            <tr>
              <th>Step</th>
              <Head arn={left} />
              <Head arn={right} />
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: rows }, (_, index) => (
              <tr
                key={index}
                className={divergence?.index === index ? 'mark-divergence' : undefined}
              >
                <td className="numbers quiet">{index + 1}</td>
                <Step arn={left} visit={a.history.visits[index]} />
                <Step arn={right} visit={b.history.visits[index]} />
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}

function Head({ arn }: { arn: string }) {
  const { data } = useQuery(executionQuery(arn))
  return (
    <th>
      <Link href={executionPage(arn)}>{lastPart(arn)}</Link>{' '}
      {data ? <StatusBadge status={data.status} /> : null}
    </th>
  )
}

function Step({ arn, visit }: { arn: string; visit?: Visit }) {
  if (!visit) return <td className="quiet">–</td>
  return (
    <td>
      <StatusIcon status={visit.status} />{' '}
      <Link href={executionPage(arn, { visit: visit.id })}>{pathOf(visit)}</Link>
    </td>
  )
}
