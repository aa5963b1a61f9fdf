// One execution: where it stands, why it failed or does not move, and everything that happened.
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react'
import {
  executionQuery,
  explainQuery,
  mapRunQuery,
  runMachineQuery,
  useChanges,
  useResource,
  useThrottled,
} from '../api/queries'
import { useRun } from '../api/run'
import { EventTable } from '../components/event_table'
import { Link } from '../components/link'
import { RunActions } from '../components/run_actions'
import { RunBanner } from '../components/run_banner'
import { StateDetails } from '../components/state_details'
import { StatusBadge } from '../components/status'
import { Elapsed, Time } from '../components/time'
import { TimelineView } from '../components/timeline_view'
import { CopyButton, Facts, Loading, PageHead, Problem, Tabs } from '../components/ui'
import { parseDefinition } from '../model/definition'
import { count, lastPart, machineOfExecution } from '../model/format'
import type { Visit } from '../model/history'
import { overlay } from '../model/progress'
import { changeQuery, executionPage, machinePage, to } from '../router'

// Asked for at once: what it draws comes meanwhile.
const graph = import('../graph/graph_view')
const GraphView = lazy(() => graph)

export function ExecutionPage({ arn, query }: { arn: string; query: URLSearchParams }) {
  const client = useQueryClient()
  const execution = useQuery(executionQuery(arn))
  const machine = useQuery({ ...runMachineQuery(arn), retry: false })
  const run = useRun(arn)
  const running = execution.data?.status === 'RUNNING'
  const explanation = useQuery({ ...explainQuery(arn), enabled: running })
  const refresh = useThrottled(() => {
    void client.invalidateQueries({ queryKey: ['execution', arn] })
    void client.invalidateQueries({ queryKey: ['explain', arn] })
  }, 400)
  useChanges({ executionArn: arn }, refresh, refresh)

  const [until, setUntil] = useState<number>()
  // The slider goes ahead of what is drawn.
  const seen = useDeferredValue(until)
  const newest = useDeferredValue(run.version)
  const version = seen === undefined ? newest : -seen
  // biome-ignore lint/correctness/useExhaustiveDependencies: the history grows in place
  const history = useMemo(() => run.at(seen), [run, version, seen])
  const source = machine.data?.definition
  const definition = useMemo(() => (source ? parseDefinition(source) : undefined), [source])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the history grows in place
  const progress = useMemo(
    () => (definition ? overlay(definition, history) : undefined),
    [definition, history, version],
  )
  const items = useMapRunItems(history.mapRuns)

  const view = query.get('view') ?? 'graph'
  const node = query.get('state') ?? undefined
  const visitId = Number(query.get('visit') ?? 0)
  const visit = history.visits.find((one) => one.id === visitId)
  const visits = node ? (progress?.states.get(node)?.visits ?? []) : visit ? [visit] : []
  const chosen = visit ?? visits.findLast((one) => one.status === 'FAILED') ?? visits.at(-1)
  const selectState = (id: string | undefined) => changeQuery({ state: id, visit: undefined })
  const selectVisit = (one: Visit) => {
    const id = [...(progress?.states ?? [])].find(([, state]) => state.visits.includes(one))?.[0]
    changeQuery({ state: id, visit: one.id })
  }

  if (execution.error) return <Problem error={execution.error} retry={execution.refetch} />
  if (!execution.data) return <Loading what="Loading the execution" />
  const facts = execution.data
  const machineArn = facts.stateMachineArn.includes('/')
    ? machineOfExecution(arn)
    : facts.stateMachineArn
  const forked = explanation.data?.forkedFrom
  return (
    <div className="page run">
      <PageHead
        crumbs={[
          { label: 'State machines', href: to([]) },
          { label: lastPart(machineArn), href: machinePage(machineArn) },
        ]}
        title={facts.name}
        badge={
          <>
            <StatusBadge status={explanation.data?.paused && running ? 'PAUSED' : facts.status} />
            <CopyButton text={arn} label="Copy the ARN" />
          </>
        }
        actions={
          <RunActions execution={facts} machineArn={machineArn} eventId={chosen?.lastEvent} />
        }
      >
        <Facts
          facts={[
            ['Started', <Time key="start" at={facts.startDate} />],
            ['Took', <Elapsed key="took" from={facts.startDate} to={facts.stopDate} />],
            ['Events', count(run.history.lastEventId)],
            ['Redrives', facts.redriveCount ? count(facts.redriveCount) : undefined],
            [
              'Version',
              facts.stateMachineAliasArn || facts.stateMachineVersionArn
                ? lastPart(facts.stateMachineAliasArn ?? facts.stateMachineVersionArn ?? '')
                : undefined,
            ],
            [
              'Map Run',
              facts.mapRunArn ? (
                <Link href={to(['map-runs', facts.mapRunArn])}>{lastPart(facts.mapRunArn)}</Link>
              ) : undefined,
            ],
            [
              'Forked from',
              forked ? (
                <Link href={executionPage(forked.executionArn)}>
                  {lastPart(forked.executionArn)} at event {forked.eventId}
                </Link>
              ) : undefined,
            ],
          ]}
        />
      </PageHead>
      {run.error ? <Problem error={run.error} /> : null}
      <RunBanner
        execution={facts}
        explanation={running ? explanation.data : undefined}
        failed={run.history.failedVisit}
        onSelect={selectVisit}
      />
      <div className="run-body">
        <section className="panel run-main" aria-label="What happened">
          <div className="panel-head">
            <Tabs
              label="Views of the execution"
              active={view}
              onChange={(key) => changeQuery({ view: key === 'graph' ? undefined : key })}
              tabs={[
                { key: 'graph', label: 'Graph' },
                { key: 'timeline', label: 'Timeline' },
                { key: 'events', label: 'Events', count: run.history.lastEventId },
              ]}
            />
            <span className={run.live ? 'live' : 'live off'} role="status">
              {run.complete || run.error ? (run.live ? 'live' : 'connecting') : 'reading events'}
            </span>
          </div>
          <div className={`run-view run-${view}`} role="tabpanel" aria-label={view}>
            {view === 'graph' && definition ? (
              <Suspense fallback={<Loading what="Drawing the graph" />}>
                <GraphView
                  label={`Graph of ${lastPart(machineArn)}`}
                  definition={definition}
                  overlay={progress}
                  items={items}
                  selected={node}
                  onSelect={selectState}
                />
              </Suspense>
            ) : null}
            {view === 'graph' && !definition ? (
              machine.error ? (
                <Problem error={machine.error} />
              ) : (
                <Loading what="Loading the definition" />
              )
            ) : null}
            {view === 'timeline' ? (
              <TimelineView
                history={history}
                version={version}
                selected={chosen}
                onSelect={selectVisit}
              />
            ) : null}
            {view === 'events' ? (
              <EventTable
                history={history}
                version={version}
                selected={chosen}
                onSelect={selectVisit}
              />
            ) : null}
          </div>
          <Scrubber last={run.history.lastEventId} until={until} onChange={setUntil} />
        </section>
        <section className="panel run-side" aria-label="Details">
          <StateDetails
            execution={facts}
            history={history}
            version={version}
            visit={chosen}
            visits={visits}
            onSelect={selectVisit}
            onClose={() => changeQuery({ state: undefined, visit: undefined })}
            explanation={running ? explanation.data : undefined}
          />
        </section>
      </div>
    </div>
  )
}

const MAP_RUNS_SHOWN = 20

// How the items of its newest Map Runs stand, live, by the Map Run's ARN.
function useMapRunItems(arns: readonly string[]): ReadonlyMap<string, Record<string, number>> {
  const shown = arns.slice(-MAP_RUNS_SHOWN)
  useResource('mapRun', shown.length === 1 ? shown[0] : undefined, 'map-run')
  return useQueries({
    queries: shown.map(mapRunQuery),
    combine: (runs) =>
      new Map(runs.flatMap(({ data }) => (data ? [[data.mapRunArn, data.itemCounts]] : []))),
  })
}

// Back to how it stood after any event.
function Scrubber(props: { last: number; until?: number; onChange: (id?: number) => void }) {
  const { last, until, onChange } = props
  if (last < 2) return null
  const at = until ?? last
  return (
    <div className="scrubber">
      <label>
        <span className="sr">Show the execution as it was after event</span>
        <input
          type="range"
          min={1}
          max={last}
          value={at}
          onChange={(event) => {
            const id = Number(event.target.value)
            onChange(id >= last ? undefined : id)
          }}
        />
      </label>
      <span className="numbers quiet">{until ? `after event ${at} of ${last}` : 'now'}</span>
    </div>
  )
}
