// A Distributed Map's run: how its items stand, and its children.
import { useQuery } from '@tanstack/react-query'
import { mapRunQuery, useResource } from '../api/queries'
import { ExecutionFilters } from '../components/execution_filters'
import { ExecutionTable } from '../components/execution_table'
import { StatusBadge, toneOf } from '../components/status'
import { Elapsed, Time } from '../components/time'
import { CopyButton, Facts, Loading, PageHead, Problem } from '../components/ui'
import { readFilter } from '../model/filter'
import { count, lastPart } from '../model/format'
import { executionPage, usePlace } from '../router'

const PARTS: [string, string, string][] = [
  ['succeeded', 'Succeeded', 'SUCCEEDED'],
  ['failed', 'Failed', 'FAILED'],
  ['timedOut', 'Timed out', 'TIMED_OUT'],
  ['aborted', 'Aborted', 'ABORTED'],
  ['running', 'Running', 'RUNNING'],
  ['pending', 'Pending', 'PENDING'],
]

const share = (value: number, total: number) => `${total > 0 ? (value / total) * 100 : 0}%`

export function MapRunPage({ arn }: { arn: string }) {
  const { query } = usePlace()
  const { data, error, refetch } = useQuery(mapRunQuery(arn))
  const live = useResource('mapRun', arn, 'map-run', arn)
  if (error) return <Problem error={error} retry={refetch} />
  if (!data) return <Loading what="Loading the Map Run" />
  const items = data.itemCounts
  const total = items.total ?? 0
  return (
    <div className="page">
      <PageHead
        crumbs={[{ label: lastPart(data.executionArn), href: executionPage(data.executionArn) }]}
        title={`Map Run ${lastPart(arn)}`}
        badge={
          <>
            <StatusBadge status={data.status} />
            <CopyButton text={arn} label="Copy the ARN" />
            <span className={live ? 'live' : 'live off'}>{live ? 'live' : 'connecting'}</span>
          </>
        }
      >
        <Facts
          facts={[
            ['Started', <Time key="start" at={data.startDate} />],
            ['Took', <Elapsed key="took" from={data.startDate} to={data.stopDate} />],
            ['Items', count(total)],
            [
              'At once',
              data.maxConcurrency === 0 ? 'as many as may be' : count(data.maxConcurrency),
            ],
            ['Tolerated', `${data.toleratedFailureCount} or ${data.toleratedFailurePercentage} %`],
            ['Results written', count(items.resultsWritten ?? 0)],
          ]}
        />
      </PageHead>
      <div
        className="progress"
        role="img"
        aria-label={PARTS.map(([key, words]) => `${words} ${items[key] ?? 0}`).join(', ')}
      >
        {PARTS.filter(([key]) => key !== 'pending').map(([key, , status]) => (
          <span
            key={key}
            className={`tone-${toneOf(status)}`}
            style={{ width: share(items[key] ?? 0, total) }}
          />
        ))}
      </div>
      <Facts facts={PARTS.map(([key, words]) => [words, count(items[key] ?? 0)])} />
      <ExecutionFilters filter={readFilter(query)} />
      <ExecutionTable filter={{ ...readFilter(query), machine: undefined, mapRun: arn }} />
    </div>
  )
}
