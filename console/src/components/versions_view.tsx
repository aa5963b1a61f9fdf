// Versions of a state machine and the aliases that name them.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { states } from '../api/client'
import { aliasesQuery, versionsQuery } from '../api/queries'
import type { Machine } from '../api/types'
import { lastPart } from '../model/format'
import { Time } from './time'
import { Button, Empty, Problem } from './ui'

export function VersionsView({ machine }: { machine: Machine }) {
  const arn = machine.stateMachineArn
  const client = useQueryClient()
  const versions = useQuery(versionsQuery(arn))
  const aliases = useQuery(aliasesQuery(arn))
  const [error, setError] = useState<unknown>()
  const publish = async () => {
    try {
      await states('PublishStateMachineVersion', { stateMachineArn: arn })
      await client.invalidateQueries({ queryKey: ['versions', arn] })
    } catch (failure) {
      setError(failure)
    }
  }
  const none = versions.data?.length === 0
  return (
    <>
      {error ? <Problem error={error} /> : null}
      <div className="filters">
        <Button icon="plus" onClick={() => void publish()}>
          Publish a version
        </Button>
      </div>
      {none ? (
        <Empty
          title="No versions yet"
          command={`aws stepfunctions publish-state-machine-version --state-machine-arn ${arn}`}
        >
          A version keeps the definition as it is now; an alias names one or two of them.
        </Empty>
      ) : (
        <div className="columns">
          <section className="panel" aria-label="Versions">
            <div className="panel-head">
              <h2>Versions</h2>
            </div>
            <Rows
              rows={(versions.data ?? []).map((one) => [
                one.stateMachineVersionArn,
                one.creationDate,
              ])}
            />
          </section>
          <section className="panel" aria-label="Aliases">
            <div className="panel-head">
              <h2>Aliases</h2>
            </div>
            <Rows
              rows={(aliases.data ?? []).map((one) => [one.stateMachineAliasArn, one.creationDate])}
            />
          </section>
        </div>
      )}
    </>
  )
}

function Rows({ rows }: { rows: [string, number][] }) {
  if (rows.length === 0) return <p className="quiet pad">None.</p>
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th>Name</th>
          <th>Created</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([arn, created]) => (
          <tr key={arn}>
            <td>{lastPart(arn)}</td>
            <td>
              <Time at={created} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
