// One state machine: its executions, its definition beside its graph, its versions and aliases.
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { machineQuery } from '../api/queries'
import { ExecutionFilters } from '../components/execution_filters'
import { ExecutionTable } from '../components/execution_table'
import { StartDialog } from '../components/start_dialog'
import { StatusBadge } from '../components/status'
import { Time } from '../components/time'
import { Button, CopyButton, Facts, Loading, PageHead, Problem, Tabs } from '../components/ui'
import { readFilter } from '../model/filter'
import { changeQuery, to } from '../router'

const DefinitionView = lazy(() =>
  import('../components/definition_view').then((m) => ({ default: m.DefinitionView })),
)
const RevisionsView = lazy(() =>
  import('../components/revisions_view').then((m) => ({ default: m.RevisionsView })),
)
const VersionsView = lazy(() =>
  import('../components/versions_view').then((m) => ({ default: m.VersionsView })),
)

export function MachinePage({ arn, query }: { arn: string; query: URLSearchParams }) {
  if (arn === 'new') return <NewMachinePage />
  return <KnownMachinePage arn={arn} query={query} />
}

function NewMachinePage() {
  return (
    <div className="page run">
      <PageHead
        title="Create a state machine"
        crumbs={[{ label: 'State machines', href: to([]) }]}
      />
      <Suspense fallback={<Loading what="Loading the editor" />}>
        <DefinitionView />
      </Suspense>
    </div>
  )
}

function KnownMachinePage({ arn, query }: { arn: string; query: URLSearchParams }) {
  const { data: machine, error, refetch } = useQuery(machineQuery(arn))
  const [starting, setStarting] = useState(false)
  if (error) return <Problem error={error} retry={refetch} />
  if (!machine) return <Loading what="Loading the state machine" />
  const express = machine.type === 'EXPRESS'
  const view = query.get('view') ?? (express ? 'definition' : 'executions')
  const filter = { ...readFilter(query), machine: arn }
  return (
    <div className="page run">
      <PageHead
        crumbs={[{ label: 'State machines', href: to([]) }]}
        title={machine.name}
        badge={
          <>
            <StatusBadge status={machine.status} />
            <CopyButton text={arn} label="Copy the ARN" />
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
            ['Type', express ? 'Express' : 'Standard'],
            ['Created', <Time key="created" at={machine.creationDate} />],
            ['Revision', machine.revisionId ? <code>{machine.revisionId}</code> : 'the first'],
            ['Logging', machine.loggingConfiguration?.level ?? 'OFF'],
          ]}
        />
      </PageHead>
      <Tabs
        label="Views of the state machine"
        active={view}
        onChange={(key) => changeQuery({ view: key })}
        tabs={[
          ...(express ? [] : [{ key: 'executions', label: 'Executions' }]),
          { key: 'definition', label: 'Definition' },
          { key: 'revisions', label: 'Revisions' },
          { key: 'versions', label: 'Versions and aliases' },
        ]}
      />
      {view === 'executions' ? (
        <>
          <ExecutionFilters filter={filter} />
          <ExecutionTable filter={filter} />
        </>
      ) : null}
      <Suspense fallback={<Loading what="Loading the editor" />}>
        {view === 'definition' ? (
          <DefinitionView key={machine.revisionId} machine={machine} />
        ) : null}
        {view === 'revisions' ? <RevisionsView arn={arn} query={query} /> : null}
        {view === 'versions' ? <VersionsView machine={machine} /> : null}
      </Suspense>
      {starting ? <StartDialog machine={machine} onClose={() => setStarting(false)} /> : null}
    </div>
  )
}
