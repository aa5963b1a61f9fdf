// Two runs side by side, with the first place where they differ.
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { executionQuery } from '../api/queries'
import { useRun } from '../api/run'
import { Link } from '../components/link'
import { StatusBadge, StatusIcon } from '../components/status'
import { Button, Loading, PageHead } from '../components/ui'
import { lastPart } from '../model/format'
import { pathOf, type Visit } from '../model/history'
import { firstDivergence } from '../model/progress'
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
  const submit = (event: FormEvent) => {
    event.preventDefault()
    changeQuery({ left: a.trim(), right: b.trim() }, 'push')
  }
  return (
    <form className="columns" onSubmit={submit}>
      <label className="form">
        <span>One execution’s ARN</span>
        <input value={a} onChange={(event) => setA(event.target.value)} />
      </label>
      <div className="form">
        <label>
          The other’s ARN
          <input value={b} onChange={(event) => setB(event.target.value)} />
        </label>
        <div className="form-actions">
          <Button type="submit" kind="main">
            Compare
          </Button>
        </div>
      </div>
    </form>
  )
}

function Both({ left, right }: { left: string; right: string }) {
  const a = useRun(left)
  const b = useRun(right)
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
