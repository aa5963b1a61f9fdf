// One execution of a pipeline: every run of every action, with what it was given, the artifacts it
// read and wrote, and where what it did can be seen.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  type ActionDetails,
  type ArtifactPlace,
  actionExecutionsQuery,
  type PipelineDeclaration,
  pipelineExecutionsQuery,
} from '../api/pipelines'
import { statusOfPipeline, targetsOf } from '../model/pipeline'
import { changeQuery, to } from '../router'
import { JsonTree } from './json_tree'
import { Link } from './link'
import type { Act } from './pipeline_stages'
import { StatusBadge } from './status'
import { Elapsed, Time } from './time'
import { Button, CopyButton, Facts, Loading, Problem } from './ui'

const SHOWN = 100

export function PipelineExecutionView({
  pipeline,
  id,
  act,
}: {
  pipeline: PipelineDeclaration
  id: string
  act: Act
}) {
  const actions = useQuery(actionExecutionsQuery(pipeline.name, id))
  const known = useQuery(pipelineExecutionsQuery(pipeline.name, SHOWN)).data
  const execution = known?.find((one) => one.pipelineExecutionId === id)
  if (actions.error) return <Problem error={actions.error} />
  if (!actions.data) return <Loading what="Loading the execution" />
  const revision = execution?.sourceRevisions?.[0]
  const running = execution?.status === 'InProgress'
  const stop = () =>
    void act('StopPipelineExecution', {
      pipelineName: pipeline.name,
      pipelineExecutionId: id,
      abandon: false,
    })
  return (
    <>
      <section className="panel" aria-label="Execution">
        <div className="panel-head">
          <h2 className="mono">{id}</h2>
          {execution ? <StatusBadge status={statusOfPipeline(execution.status)} /> : null}
          <CopyButton text={id} label="Copy the id" />
          {running ? (
            <Button icon="stop" kind="danger" onClick={stop}>
              Stop
            </Button>
          ) : null}
          <Button onClick={() => changeQuery({ execution: undefined, view: 'executions' })}>
            All executions
          </Button>
        </div>
        <div className="pad-side">
          <Facts
            facts={[
              ['Started', <Time key="start" at={execution?.startTime} />],
              ['Started by', execution?.trigger?.triggerType],
              [
                'Revision',
                revision ? (
                  <span key="revision">
                    <code>{revision.revisionId?.slice(0, 8)}</code> {revision.revisionSummary}
                  </span>
                ) : undefined,
              ],
              ['Why', execution?.statusSummary],
            ]}
          />
        </div>
      </section>
      {actions.data.map((action) => (
        <ActionView key={action.actionExecutionId} action={action} />
      ))}
      {actions.data.length === 0 ? <p className="quiet pad">No action was begun yet.</p> : null}
    </>
  )
}

type Part = 'configuration' | 'variables'

function ActionView({ action }: { action: ActionDetails }) {
  const [open, setOpen] = useState<Part>()
  const result = action.output?.executionResult
  const configuration = action.input?.resolvedConfiguration ?? {}
  const variables = action.output?.outputVariables ?? {}
  const targets = targetsOf(
    action.input?.actionTypeId.provider ?? '',
    configuration,
    result?.externalExecutionId,
  )
  const parts: [Part, string, object][] = [
    ['configuration', 'Configuration', configuration],
    ['variables', 'Variables', variables],
  ]
  const label = `${action.stageName}/${action.actionName}`
  return (
    <section className="panel" aria-label={label}>
      <div className="panel-head">
        <h2>{label}</h2>
        <StatusBadge status={statusOfPipeline(action.status)} />
        <span className="quiet">
          <Elapsed
            from={action.startTime ?? 0}
            to={action.status === 'InProgress' ? undefined : action.lastUpdateTime}
          />
        </span>
        {targets.map((target) => (
          <Link key={target.href} href={target.href}>
            {target.label}
          </Link>
        ))}
      </div>
      <div className="pad-side">
        <Facts
          facts={[
            ['Read', <Artifacts key="read" artifacts={action.input?.inputArtifacts} />],
            ['Wrote', <Artifacts key="wrote" artifacts={action.output?.outputArtifacts} />],
            ['Said', result?.externalExecutionSummary],
            ['By', action.updatedBy],
          ]}
        />
        {result?.errorDetails?.message ? (
          <p className="action-fault">{result.errorDetails.message}</p>
        ) : null}
        <div className="attempt-parts">
          {parts.map(([key, words, value]) =>
            Object.keys(value).length > 0 ? (
              <button
                key={key}
                type="button"
                className="chip"
                aria-pressed={open === key}
                onClick={() => setOpen(open === key ? undefined : key)}
              >
                {words}
              </button>
            ) : null,
          )}
        </div>
      </div>
      {parts.map(([key, words, value]) =>
        open === key ? <JsonTree key={key} text={JSON.stringify(value)} label={words} /> : null,
      )}
    </section>
  )
}

function Artifacts({ artifacts }: { artifacts?: ArtifactPlace[] }) {
  if (!artifacts || artifacts.length === 0) return <span className="quiet">–</span>
  return (
    <>
      {artifacts.map(({ name, s3location: place }) => (
        <span key={name} className="tag">
          {place ? (
            <Link href={to(['buckets', place.bucket], { key: place.key })}>{name}</Link>
          ) : (
            name
          )}
        </span>
      ))}
    </>
  )
}
