// Executions of one machine or of all, by status, name, time and search attributes.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { machinesQuery } from '../api/queries'
import { ExecutionFilters } from '../components/execution_filters'
import { ExecutionTable } from '../components/execution_table'
import { StartDialog } from '../components/start_dialog'
import { Button, PageHead } from '../components/ui'
import { readFilter } from '../model/filter'

export function ExecutionsPage({ query }: { query: URLSearchParams }) {
  const filter = readFilter(query)
  const machines = useQuery(machinesQuery).data
  const machine = machines?.find((one) => one.stateMachineArn === filter.machine)
  const [starting, setStarting] = useState(false)
  return (
    <div className="page">
      <PageHead
        title="Executions"
        actions={
          machine ? (
            <Button icon="executions" kind="main" onClick={() => setStarting(true)}>
              Start
            </Button>
          ) : null
        }
      />
      <ExecutionFilters filter={filter} machines={machines ?? []} />
      <ExecutionTable filter={filter} />
      {starting && machine ? (
        <StartDialog machine={machine} onClose={() => setStarting(false)} />
      ) : null}
    </div>
  )
}
