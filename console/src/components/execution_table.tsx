// A list of executions, live: the newest first, older pages as they come into sight.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { Change } from '../api/changes'
import { pawl } from '../api/client'
import { useChanges } from '../api/queries'
import type { ExecutionItem } from '../api/types'
import { type Filter, fits, listRequest } from '../model/filter'
import { count, lastPart } from '../model/format'
import { applyChanges } from '../model/live_list'
import { executionPage, navigate } from '../router'
import { Link } from './link'
import { StatusBadge } from './status'
import { Elapsed, Time } from './time'
import { Empty, Loading, Problem } from './ui'
import { type Column, VirtualTable } from './virtual_table'

const PAGE = 200

interface Page {
  executions: ExecutionItem[]
  nextToken?: string
}

type Position = string | undefined

const readPage = (filter: Filter, after: Position) =>
  pawl<Page>('list', { ...listRequest(filter, filter.machine, PAGE), nextToken: after })

const startCommand = (arn: string) =>
  `aws stepfunctions start-execution --state-machine-arn ${arn} \\\n    --input '{"name": "world"}'`

const COLUMNS: Column<ExecutionItem>[] = [
  {
    key: 'status',
    label: 'Status',
    width: '8.5rem',
    cell: (run) => <StatusBadge status={run.paused ? 'PAUSED' : run.status} />,
  },
  {
    key: 'name',
    label: 'Name',
    width: 'minmax(8rem, 3fr)',
    cell: (run) => (
      <Link className="strong mono" href={executionPage(run.executionArn)}>
        {run.name}
      </Link>
    ),
  },
  {
    key: 'machine',
    label: 'State machine',
    width: 'minmax(7rem, 1.5fr)',
    minor: true,
    cell: (run) => lastPart(run.stateMachineArn),
  },
  {
    key: 'search',
    label: 'Attributes',
    width: 'minmax(7rem, 2fr)',
    minor: true,
    cell: (run) =>
      Object.entries(run.search ?? {}).map(([name, value]) => (
        <span key={name} className="tag">
          {name}={String(value)}
        </span>
      )),
  },
  {
    key: 'start',
    label: 'Started',
    width: '9.5rem',
    minor: true,
    cell: (run) => <Time at={run.startDate} />,
  },
  {
    key: 'took',
    label: 'Took',
    width: '6rem',
    cell: (run) => <Elapsed from={run.startDate} to={run.stopDate} />,
  },
]

export function ExecutionTable({ filter }: { filter: Filter }) {
  const client = useQueryClient()
  const key = useMemo(() => ['executions', JSON.stringify(filter)], [filter])
  const alone = filter.machine !== undefined || filter.mapRun !== undefined
  const pages = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => readPage(filter, pageParam),
    initialPageParam: undefined as Position,
    getNextPageParam: (page: Page) => page.nextToken,
    // Comparing ten thousand rows with those before, member by member, costs frames.
    structuralSharing: false,
  })
  // What came by the stream since the pages were read.
  const [news, setNews] = useState<{ key: string[]; changes: Map<string, Change> }>()
  const changes = news?.key === key ? news.changes : undefined
  const live = useChanges(
    { stateMachineArn: filter.machine },
    (more) => {
      const merged = new Map(changes)
      for (const change of more) {
        const startDate = merged.get(change.executionArn)?.startDate ?? change.startDate
        merged.set(change.executionArn, { ...change, startDate })
      }
      setNews({ key, changes: merged })
    },
    () => {
      setNews(undefined)
      void client.invalidateQueries({ queryKey: key })
    },
  )
  const rows = useMemo(() => {
    const known = pages.data?.pages.flatMap((page) => page.executions) ?? []
    return applyChanges(known, changes, (item) => fits(filter, item))
  }, [pages.data, changes, filter])
  const columns = useMemo(() => {
    const hasSearch = rows.some((run) => run.search && Object.keys(run.search).length > 0)
    return COLUMNS.filter(
      (column) => (column.key !== 'search' || hasSearch) && (column.key !== 'machine' || !alone),
    )
  }, [rows, alone])
  const more = pages.hasNextPage && !pages.isFetchingNextPage ? pages.fetchNextPage : undefined

  if (pages.error) return <Problem error={pages.error} retry={pages.refetch} />
  if (pages.isPending) return <Loading what="Loading executions" />
  if (rows.length === 0 && !pages.hasNextPage) return <NothingFound filter={filter} />
  if (rows.length === 0) return <StillLooking more={more} pages={pages.data.pages.length} />
  return (
    <>
      <VirtualTable
        label="Executions"
        rows={rows}
        columns={columns}
        rowKey={(run) => run.executionArn}
        onOpen={(run) => navigate(executionPage(run.executionArn))}
        more={more ? () => void more() : undefined}
      />
      <p className="table-foot" role="status">
        {count(rows.length)}
        {pages.hasNextPage ? ' and more; go on scrolling' : ' executions'}
        <span className={live ? 'live' : 'live off'}>{live ? 'live' : 'connecting'}</span>
      </p>
    </>
  )
}

// A page may be empty and still have a next one, where few of very many fit.
function StillLooking({ more, pages }: { more?: () => unknown; pages: number }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a page
  useEffect(() => void more?.(), [pages])
  return <Loading what="None of the newest fits; looking through older ones" />
}

function NothingFound({ filter }: { filter: Filter }) {
  const filtered =
    filter.statuses.length > 0 ||
    filter.name ||
    filter.since ||
    filter.until ||
    filter.where.length > 0
  if (filtered) {
    return (
      <Empty title="No execution fits the filter">Take away a status, the name or the time.</Empty>
    )
  }
  const machine = filter.machine ?? 'arn:aws:states:us-east-1:000000000000:stateMachine:hello'
  return (
    <Empty title="No executions yet" command={filter.mapRun ? undefined : startCommand(machine)} />
  )
}
