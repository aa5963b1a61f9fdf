// Every pipeline with how its newest execution stands, live.
import { useQuery } from '@tanstack/react-query'
import { pipelineExecutionsQuery } from '../api/pipelines'
import { type PipelineItem, pipelinesQuery, useResource } from '../api/queries'
import { Link } from '../components/link'
import { StatusBadge } from '../components/status'
import { Time } from '../components/time'
import { Empty, Loading, PageHead, Problem } from '../components/ui'
import { type Column, VirtualTable } from '../components/virtual_table'
import { statusOfPipeline } from '../model/pipeline'
import { navigate, to } from '../router'

const pageOf = (one: PipelineItem) => to(['pipelines', one.name])

function Newest({ name, what }: { name: string; what: 'status' | 'revision' | 'time' }) {
  const newest = useQuery(pipelineExecutionsQuery(name, 1)).data?.[0]
  if (!newest) return what === 'status' ? <span className="quiet">none yet</span> : null
  if (what === 'status') return <StatusBadge status={statusOfPipeline(newest.status)} />
  if (what === 'time') return <Time at={newest.lastUpdateTime} />
  const revision = newest.sourceRevisions?.[0]
  return <>{revision?.revisionSummary ?? revision?.revisionId?.slice(0, 8) ?? ''}</>
}

const COLUMNS: Column<PipelineItem>[] = [
  {
    key: 'status',
    label: 'Newest execution',
    width: '10rem',
    cell: (one) => <Newest name={one.name} what="status" />,
  },
  {
    key: 'name',
    label: 'Name',
    width: 'minmax(8rem, 2fr)',
    cell: (one) => (
      <Link className="strong" href={pageOf(one)}>
        {one.name}
      </Link>
    ),
  },
  {
    key: 'revision',
    label: 'Revision',
    width: 'minmax(6rem, 2fr)',
    minor: true,
    cell: (one) => <Newest name={one.name} what="revision" />,
  },
  {
    key: 'type',
    label: 'Type',
    width: '5rem',
    minor: true,
    cell: (one) => one.pipelineType ?? 'V1',
  },
  {
    key: 'changed',
    label: 'Changed',
    width: '10rem',
    cell: (one) => <Newest name={one.name} what="time" />,
  },
]

export function PipelinesPage() {
  const { data, error, isPending, refetch } = useQuery(pipelinesQuery)
  const live = useResource('pipeline', undefined, 'pipelines')
  return (
    <div className="page">
      <PageHead
        title="Pipelines"
        badge={<span className={live ? 'live' : 'live off'}>{live ? 'live' : 'connecting'}</span>}
      />
      {isPending ? <Loading what="Loading the pipelines" /> : null}
      {error ? <Problem error={error} retry={refetch} /> : null}
      {data?.length === 0 ? (
        <Empty
          title="No pipelines yet"
          command="aws codepipeline create-pipeline --pipeline file://pipeline.json"
        >
          A push to a repository, or a new object, starts an execution that goes through stages of
          actions; docs/pipelines.md begins with one that publishes a site.
        </Empty>
      ) : null}
      {data && data.length > 0 ? (
        <VirtualTable
          label="Pipelines"
          rows={data}
          columns={COLUMNS}
          rowHeight={46}
          rowKey={(one) => one.name}
          onOpen={(one) => navigate(pageOf(one))}
        />
      ) : null}
    </div>
  )
}
