// The stages of a pipeline from the left to the right, as they stand: what each action did last,
// what waits, what can be done about it.
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import {
  type ActionDeclaration,
  type ActionState,
  type PipelineDeclaration,
  pipelineStateQuery,
  type StageDeclaration,
  type StageState,
} from '../api/pipelines'
import { statusOfPipeline, targetsOf } from '../model/pipeline'
import { to } from '../router'
import { Icon } from './icons'
import { Link } from './link'
import { StatusBadge } from './status'
import { Time } from './time'
import { Button, Dialog, Loading, Problem } from './ui'

export type Act = (operation: string, input: Record<string, unknown>) => Promise<void>

interface Asked {
  title: string
  words: string
  label: string // of what is asked for
  verb: string
  run: (text: string) => Promise<void>
}

export function PipelineStages({ pipeline, act }: { pipeline: PipelineDeclaration; act: Act }) {
  const { data, error } = useQuery(pipelineStateQuery(pipeline.name))
  const [asked, ask] = useState<Asked>()
  if (error) return <Problem error={error} />
  if (!data) return <Loading what="Loading the stages" />
  return (
    <>
      <ol className="stages" aria-label="Stages">
        {pipeline.stages.map((stage, index) => (
          <Stage
            key={stage.name}
            pipeline={pipeline.name}
            stage={stage}
            first={index === 0}
            state={data.stageStates.find((one) => one.stageName === stage.name)}
            act={act}
            ask={ask}
          />
        ))}
      </ol>
      {asked ? <Question asked={asked} onClose={() => ask(undefined)} /> : null}
    </>
  )
}

interface StageProps {
  pipeline: string
  stage: StageDeclaration
  state?: StageState
  first: boolean
  act: Act
  ask: (asked: Asked) => void
}

function Stage(props: StageProps) {
  const { pipeline, stage, state, first } = props
  const latest = state?.latestExecution
  return (
    <li className="stage">
      {first ? null : <Transition {...props} />}
      <section className="panel" aria-label={`Stage ${stage.name}`}>
        <div className="panel-head">
          <h2>{stage.name}</h2>
          {latest ? <StatusBadge status={statusOfPipeline(latest.status)} /> : null}
        </div>
        <div className="stage-body">
          {latest ? (
            <p className="quiet">
              Execution{' '}
              <Link href={to(['pipelines', pipeline], { execution: latest.pipelineExecutionId })}>
                <code>{latest.pipelineExecutionId.slice(0, 8)}</code>
              </Link>
            </p>
          ) : (
            <p className="quiet">Nothing came here yet.</p>
          )}
          {(stage.actions ?? []).map((action) => (
            <Action
              key={action.name}
              {...props}
              action={action}
              known={state?.actionStates.find((one) => one.actionName === action.name)}
            />
          ))}
          <StageVerbs {...props} />
        </div>
      </section>
    </li>
  )
}

// What a failed stage, or one that runs, can be told.
function StageVerbs({ pipeline, stage, state, act, ask }: StageProps) {
  const latest = state?.latestExecution
  if (!latest) return null
  const pipelineExecutionId = latest.pipelineExecutionId
  const retry = (retryMode: string) =>
    void act('RetryStageExecution', {
      pipelineName: pipeline,
      stageName: stage.name,
      pipelineExecutionId,
      retryMode,
    })
  const stop = (abandon: boolean) => (reason: string) =>
    act('StopPipelineExecution', {
      pipelineName: pipeline,
      pipelineExecutionId,
      abandon,
      reason: reason || undefined,
    })
  const label = 'Reason'
  if (latest.status === 'Failed') {
    return (
      <div className="stage-verbs">
        <Button icon="redrive" onClick={() => retry('FAILED_ACTIONS')}>
          Retry what failed
        </Button>
        <Button onClick={() => retry('ALL_ACTIONS')}>Retry the stage</Button>
      </div>
    )
  }
  if (latest.status !== 'InProgress') return null
  return (
    <div className="stage-verbs">
      <Button
        icon="stop"
        kind="danger"
        onClick={() =>
          ask({
            title: 'Stop the execution',
            words: 'What runs is waited for; nothing more is begun.',
            label,
            verb: 'Stop it',
            run: stop(false),
          })
        }
      >
        Stop
      </Button>
      <Button
        kind="danger"
        onClick={() =>
          ask({
            title: 'Abandon the execution',
            words: 'What runs is left alone: it may go on, and nobody waits for it.',
            label,
            verb: 'Abandon it',
            run: stop(true),
          })
        }
      >
        Abandon
      </Button>
    </div>
  )
}

// The way into a stage: open, or held back.
function Transition({ pipeline, stage, state, act, ask }: StageProps) {
  const inbound = state?.inboundTransitionState
  const open = inbound?.enabled ?? true
  const waiting = state?.inboundExecutions?.length ?? 0
  const input = { pipelineName: pipeline, stageName: stage.name, transitionType: 'Inbound' }
  const toggle = () => {
    if (!open) return void act('EnableStageTransition', input)
    ask({
      title: `Hold back what comes to ${stage.name}`,
      words: 'Executions wait in front of the stage until it is opened again.',
      label: 'Reason',
      verb: 'Hold back',
      run: (reason) => act('DisableStageTransition', { ...input, reason: reason || 'none given' }),
    })
  }
  return (
    <div className={open ? 'transition' : 'transition held'}>
      <Icon name={open ? 'chevron' : 'pause'} />
      <Button
        kind="bare"
        onClick={toggle}
        aria-label={`${open ? 'Hold back' : 'Open'} the way into ${stage.name}`}
      >
        {open ? 'Hold back' : 'Open'}
      </Button>
      {waiting > 0 ? <span className="badge tone-late">{waiting} waiting</span> : null}
      {open ? null : (
        <p className="quiet">
          Held back{inbound?.lastChangedBy ? ` by ${lastWord(inbound.lastChangedBy)}` : ''}:{' '}
          {inbound?.disabledReason}
        </p>
      )}
    </div>
  )
}

const lastWord = (arn: string) =>
  arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1)

function Action({
  pipeline,
  stage,
  action,
  known,
  act,
  ask,
}: StageProps & { action: ActionDeclaration; known?: ActionState }) {
  const latest = known?.latestExecution
  const { provider, category } = action.actionTypeId
  const targets = targetsOf(provider, action.configuration ?? {}, latest?.externalExecutionId)
  const waits = category === 'Approval' && latest?.status === 'InProgress' && latest.token
  const answer = (status: 'Approved' | 'Rejected') =>
    ask({
      title: status === 'Approved' ? `Approve ${action.name}` : `Reject ${action.name}`,
      words: action.configuration?.CustomData ?? 'Your answer is kept with the execution.',
      label: 'Comment',
      verb: status === 'Approved' ? 'Approve it' : 'Reject it',
      run: (summary) =>
        act('PutApprovalResult', {
          pipelineName: pipeline,
          stageName: stage.name,
          actionName: action.name,
          token: latest?.token,
          result: { summary, status },
        }),
    })
  return (
    <section className="action" aria-label={`Action ${action.name}`}>
      <div className="action-head">
        <strong>{action.name}</strong>
        {latest?.status ? <StatusBadge status={statusOfPipeline(latest.status)} /> : null}
      </div>
      <p className="quiet">
        {category} by {provider}
        {latest?.lastStatusChange ? (
          <>
            , <Time at={latest.lastStatusChange} />
          </>
        ) : null}
      </p>
      {known?.currentRevision ? (
        <p>
          <code className="quiet">{known.currentRevision.revisionId.slice(0, 8)}</code>{' '}
          {latest?.summary}
        </p>
      ) : latest?.summary ? (
        <p>{latest.summary}</p>
      ) : null}
      {latest?.errorDetails?.message ? (
        <p className="action-fault">{latest.errorDetails.message}</p>
      ) : null}
      {targets.map((target) => (
        <Link key={target.href} className="with-icon" href={target.href}>
          {target.label}
        </Link>
      ))}
      {waits ? (
        <div className="stage-verbs">
          <Button kind="main" icon="check" onClick={() => answer('Approved')}>
            Approve
          </Button>
          <Button kind="danger" icon="cross" onClick={() => answer('Rejected')}>
            Reject
          </Button>
        </div>
      ) : null}
    </section>
  )
}

function Question({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const [text, setText] = useState('')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    await asked.run(text)
    onClose()
  }
  return (
    <Dialog title={asked.title} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <p>{asked.words}</p>
        <label>
          {asked.label}
          <input value={text} maxLength={200} onChange={(event) => setText(event.target.value)} />
        </label>
        <div className="form-actions">
          <Button type="submit" kind="main">
            {asked.verb}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
