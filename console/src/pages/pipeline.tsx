// One pipeline: its stages with their actions, live; its executions with what each action read,
// wrote and did; its declaration.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { codepipeline } from '../api/client'
import {
  type PipelineDeclaration,
  type PipelineExecution,
  pipelineExecutionsQuery,
  pipelineQuery,
} from '../api/pipelines'
import { useResource } from '../api/queries'
import { JsonTree } from '../components/json_tree'
import { Link } from '../components/link'
import { PipelineExecutionView } from '../components/pipeline_execution'
import { PipelineStages } from '../components/pipeline_stages'
import { StartPipeline } from '../components/start_pipeline'
import { StatusBadge } from '../components/status'
import { Elapsed, Time } from '../components/time'
import {
  Button,
  CopyButton,
  Empty,
  Facts,
  Loading,
  PageHead,
  Problem,
  Tabs,
} from '../components/ui'
import { VirtualTable } from '../components/virtual_table'
import { statusOfPipeline } from '../model/pipeline'
import { changeQuery, navigate, to } from '../router'

const SHOWN = 100

export function PipelinePage({ name, query }: { name: string; query: URLSearchParams }) {
  const client = useQueryClient()
  const { data, error, refetch } = useQuery(pipelineQuery(name))
  const live = useResource('pipeline', name, 'pipelines', name)
  const [starting, setStarting] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  if (error) return <Problem error={error} retry={refetch} />
  if (!data) return <Loading what="Loading the pipeline" />
  const { pipeline, metadata } = data
  const execution = query.get('execution') ?? undefined
  const view = execution ? 'executions' : (query.get('view') ?? 'stages')
  const act = async (operation: string, input: Record<string, unknown>) => {
    setProblem(undefined)
    try {
      await codepipeline(operation, input)
    } catch (failure) {
      setProblem(failure)
    }
    await client.invalidateQueries({ queryKey: ['pipelines', name] })
  }
  return (
    <div className="page">
      <PageHead
        crumbs={[{ label: 'Pipelines', href: to(['pipelines']) }]}
        title={name}
        badge={
          <>
            {metadata ? <CopyButton text={metadata.pipelineArn} label="Copy the ARN" /> : null}
            <span className={live ? 'live' : 'live off'}>{live ? 'live' : 'connecting'}</span>
          </>
        }
        actions={
          <Button icon="executions" kind="main" onClick={() => setStarting(true)}>
            Start
          </Button>
        }
      >
        <Facts
          facts={[
            ['Type', pipeline.pipelineType ?? 'V1'],
            ['Mode', pipeline.executionMode ?? 'SUPERSEDED'],
            ['Version', String(pipeline.version)],
            ['Changed', <Time key="changed" at={metadata?.updated} />],
          ]}
        />
      </PageHead>
      {problem ? <Problem error={problem} /> : null}
      <Tabs
        label="Views of the pipeline"
        active={view}
        onChange={(key) => changeQuery({ view: key, execution: undefined })}
        tabs={[
          { key: 'stages', label: 'Stages' },
          { key: 'executions', label: 'Executions' },
          { key: 'declaration', label: 'Declaration' },
        ]}
      />
      {view === 'stages' ? <PipelineStages pipeline={pipeline} act={act} /> : null}
      {view === 'executions' && !execution ? <Executions name={name} /> : null}
      {execution ? <PipelineExecutionView pipeline={pipeline} id={execution} act={act} /> : null}
      {view === 'declaration' ? <Declaration pipeline={pipeline} /> : null}
      {starting ? <StartPipeline pipeline={pipeline} onClose={() => setStarting(false)} /> : null}
    </div>
  )
}

function Declaration({ pipeline }: { pipeline: PipelineDeclaration }) {
  return (
    <section className="panel" aria-label="Declaration">
      <JsonTree text={JSON.stringify(pipeline)} label="Declaration" />
    </section>
  )
}

const pageOf = (name: string, one: PipelineExecution) =>
  to(['pipelines', name], { execution: one.pipelineExecutionId })

function Executions({ name }: { name: string }) {
  const { data, error } = useQuery(pipelineExecutionsQuery(name, SHOWN))
  if (error) return <Problem error={error} />
  if (!data) return <Loading what="Loading the executions" />
  if (data.length === 0) {
    return (
      <Empty
        title="No executions yet"
        command={`aws codepipeline start-pipeline-execution --name ${name}`}
      />
    )
  }
  return (
    <>
      <VirtualTable
        label="Executions"
        rows={data}
        rowHeight={46}
        rowKey={(one) => one.pipelineExecutionId}
        onOpen={(one) => navigate(pageOf(name, one))}
        columns={[
          {
            key: 'status',
            label: 'Status',
            width: '9rem',
            cell: (one) => <StatusBadge status={statusOfPipeline(one.status)} />,
          },
          {
            key: 'id',
            label: 'Execution',
            width: 'minmax(7rem, 1fr)',
            cell: (one) => (
              <Link className="strong mono" href={pageOf(name, one)}>
                {one.pipelineExecutionId.slice(0, 8)}
              </Link>
            ),
          },
          {
            key: 'revision',
            label: 'Revision',
            width: 'minmax(7rem, 3fr)',
            minor: true,
            cell: (one) =>
              one.sourceRevisions?.map((source) => (
                <span key={source.actionName}>
                  <code className="quiet">{source.revisionId?.slice(0, 8)}</code>{' '}
                  {source.revisionSummary}
                </span>
              )),
          },
          {
            key: 'trigger',
            label: 'Started by',
            width: 'minmax(6rem, 1.4fr)',
            minor: true,
            cell: (one) => one.trigger?.triggerType ?? '',
          },
          {
            key: 'start',
            label: 'Started',
            width: '9.5rem',
            minor: true,
            cell: (one) => <Time at={one.startTime} />,
          },
          {
            key: 'took',
            label: 'Took',
            width: '6rem',
            cell: (one) => (
              <Elapsed
                from={one.startTime ?? 0}
                to={one.status === 'InProgress' ? undefined : one.lastUpdateTime}
              />
            ),
          },
        ]}
      />
      {data.length === SHOWN ? <p className="table-foot">The newest {SHOWN}.</p> : null}
    </>
  )
}
