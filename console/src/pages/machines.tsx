// The start page: every state machine with its executions by status.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { type Counts, countsQuery, machinesQuery, useChanges, useThrottled } from '../api/queries'
import type { MachineItem } from '../api/types'
import { Icon } from '../components/icons'
import { Link } from '../components/link'
import { StartDialog } from '../components/start_dialog'
import { StatusIcon, toneOf, wordsOf } from '../components/status'
import { Time } from '../components/time'
import { Button, Empty, Loading, PageHead, Problem } from '../components/ui'
import { type Column, VirtualTable } from '../components/virtual_table'
import { count } from '../model/format'
import { rank } from '../model/rank'
import { machinePage, navigate, to } from '../router'

const FIRST_MACHINE = `aws stepfunctions create-state-machine --name hello \\
    --role-arn arn:aws:iam::000000000000:role/any \\
    --definition '{"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "End": true}}}'`

const SHOWN_STATUSES = ['RUNNING', 'FAILED', 'TIMED_OUT', 'ABORTED', 'SUCCEEDED']

function StatusCounts({ machine }: { machine: MachineItem }) {
  const { data } = useQuery({
    ...countsQuery(machine.stateMachineArn),
    enabled: machine.type === 'STANDARD',
  })
  if (machine.type === 'EXPRESS') return <span className="quiet">express: see its log</span>
  if (!data) return <span className="quiet">…</span>
  const shown = SHOWN_STATUSES.filter((status) => data.counts[status])
  if (shown.length === 0) return <span className="quiet">none yet</span>
  const note = data.complete ? '' : ` of the ${count(data.examined)} that were counted`
  return (
    <span className="counts">
      {shown.map((status) => (
        <Link
          key={status}
          className={`count tone-${toneOf(status)}`}
          href={to(['executions'], { machine: machine.stateMachineArn, status })}
          title={`${wordsOf(status)}: ${count(data.counts[status] ?? 0)}${note}`}
        >
          <StatusIcon status={status} />
          {count(data.counts[status] ?? 0)}
          <span className="sr"> {wordsOf(status)}</span>
        </Link>
      ))}
      {data.complete ? null : <span className="quiet">and more</span>}
    </span>
  )
}

// Of the time no more than a tenth goes into counting anew.
const REST_FACTOR = 10

// Counts go with the stream of changes; a busy server is asked once a second, and of a machine with
// very many executions the less often the longer counting them takes.
function useLiveCounts(): void {
  const client = useQueryClient()
  const changed = useMemo(() => new Set<string>(), [])
  const refresh = useThrottled(() => {
    for (const arn of changed) {
      const known = client.getQueryState<Counts>(['counts', arn])
      const rest = (known?.data?.tookMs ?? 0) * REST_FACTOR
      if (known && Date.now() < known.dataUpdatedAt + rest) continue
      changed.delete(arn)
      void client.invalidateQueries({ queryKey: ['counts', arn] })
    }
    if (changed.size > 0) setTimeout(refresh, 1000)
  }, 1000)
  useChanges(
    {},
    (changes) => {
      for (const change of changes) changed.add(change.stateMachineArn)
      refresh()
    },
    () => void client.invalidateQueries({ queryKey: ['counts'] }),
  )
}

export function MachinesPage() {
  const machines = useQuery(machinesQuery)
  const [filter, setFilter] = useState('')
  const [starting, setStarting] = useState<MachineItem>()
  useLiveCounts()
  const rows = useMemo(
    () => rank(machines.data ?? [], filter.trim(), (machine) => machine.name),
    [machines.data, filter],
  )
  const columns: Column<MachineItem>[] = [
    {
      key: 'name',
      label: 'Name',
      width: 'minmax(9rem, 2fr)',
      cell: (machine) => (
        <Link className="strong" href={machinePage(machine.stateMachineArn)}>
          {machine.name}
        </Link>
      ),
    },
    {
      key: 'counts',
      label: 'Executions',
      width: 'minmax(12rem, 3fr)',
      cell: (machine) => <StatusCounts machine={machine} />,
    },
    {
      key: 'type',
      label: 'Type',
      width: '7rem',
      minor: true,
      cell: (machine) => (machine.type === 'EXPRESS' ? 'Express' : 'Standard'),
    },
    {
      key: 'created',
      label: 'Created',
      width: '10rem',
      minor: true,
      cell: (machine) => <Time at={machine.creationDate} />,
    },
    {
      key: 'start',
      label: '',
      width: '6.4rem',
      cell: (machine) => (
        <Button
          icon="executions"
          onClick={() => setStarting(machine)}
          aria-label={`Start ${machine.name}`}
        >
          Start
        </Button>
      ),
    },
  ]
  return (
    <div className="page">
      <PageHead
        title="State machines"
        actions={
          <Button icon="plus" kind="main" onClick={() => navigate(to(['machines', 'new']))}>
            Create
          </Button>
        }
      />
      {machines.isPending ? <Loading what="Loading the state machines" /> : null}
      {machines.error ? <Problem error={machines.error} retry={machines.refetch} /> : null}
      {machines.data?.length === 0 ? (
        <Empty title="No state machines yet" command={FIRST_MACHINE}>
          Create one here, or from the command line (after <code>eval "$(pawl env)"</code>):
        </Empty>
      ) : null}
      {machines.data && machines.data.length > 0 ? (
        <>
          <div className="filters">
            <label className="field-search">
              <Icon name="search" />
              <span className="sr">Filter by name</span>
              <input
                type="search"
                placeholder="Filter by name"
                value={filter}
                onChange={(event) => setFilter(event.target.value)}
              />
            </label>
            <span className="quiet" role="status">
              {rows.length === machines.data.length
                ? `${count(rows.length)} state machine${rows.length === 1 ? '' : 's'}`
                : `${count(rows.length)} of ${count(machines.data.length)}`}
            </span>
          </div>
          <VirtualTable
            label="State machines"
            rows={rows}
            columns={columns}
            rowHeight={52}
            rowKey={(machine) => machine.stateMachineArn}
            onOpen={(machine) => navigate(machinePage(machine.stateMachineArn))}
          />
        </>
      ) : null}
      {starting ? <StartDialog machine={starting} onClose={() => setStarting(undefined)} /> : null}
    </div>
  )
}
