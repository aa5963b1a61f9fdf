// Versions of a state machine and the aliases that route to them.
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { states } from '../api/client'
import { aliasesQuery, versionsQuery } from '../api/queries'
import { type Alias, aliasQuery } from '../api/revisions'
import type { Machine } from '../api/types'
import { lastPart } from '../model/format'
import { machinePage } from '../router'
import { AliasDialog } from './alias_dialog'
import { Link } from './link'
import { Time } from './time'
import { Button, CopyButton, Empty, Problem } from './ui'

export function VersionsView({ machine }: { machine: Machine }) {
  const arn = machine.stateMachineArn
  const client = useQueryClient()
  const versions = useQuery(versionsQuery(arn)).data
  const names = useQuery(aliasesQuery(arn)).data ?? []
  const aliases = useQueries({ queries: names.map((one) => aliasQuery(one.stateMachineAliasArn)) })
    .map((one) => one.data)
    .filter((one) => one !== undefined)
  const [error, setError] = useState<unknown>()
  const [editing, edit] = useState<Alias | 'new'>()
  const act = async (operation: string, input: Record<string, unknown>) => {
    setError(undefined)
    try {
      await states(operation, input)
    } catch (failure) {
      setError(failure)
    }
    await client.invalidateQueries({ queryKey: ['versions', arn] })
    await client.invalidateQueries({ queryKey: ['aliases', arn] })
  }
  const arns = (versions ?? []).map((one) => one.stateMachineVersionArn)
  return (
    <>
      {error ? <Problem error={error} /> : null}
      <div className="filters">
        <Button
          icon="plus"
          onClick={() => void act('PublishStateMachineVersion', { stateMachineArn: arn })}
        >
          Publish a version
        </Button>
        {arns.length > 0 ? (
          <Button icon="plus" onClick={() => edit('new')}>
            Create an alias
          </Button>
        ) : null}
      </div>
      {versions?.length === 0 ? (
        <Empty
          title="No versions yet"
          command={`aws stepfunctions publish-state-machine-version --state-machine-arn ${arn}`}
        >
          A version keeps the definition as it is now; an alias routes starts to one or two of them.
        </Empty>
      ) : (
        <div className="columns">
          <section className="panel" aria-label="Versions">
            <div className="panel-head">
              <h2>Versions</h2>
            </div>
            <table className="plain-table">
              <thead>
                <tr>
                  <th>Version</th>
                  <th>Published</th>
                  <th>What for</th>
                </tr>
              </thead>
              <tbody>
                {(versions ?? []).map((one) => (
                  <VersionRow
                    key={one.stateMachineVersionArn}
                    machineArn={arn}
                    versionArn={one.stateMachineVersionArn}
                    created={one.creationDate}
                    remove={act}
                  />
                ))}
              </tbody>
            </table>
          </section>
          <section className="panel" aria-label="Aliases">
            <div className="panel-head">
              <h2>Aliases</h2>
            </div>
            {aliases.length === 0 ? <p className="quiet pad">None.</p> : null}
            {aliases.map((alias) => (
              <AliasRow
                key={alias.stateMachineAliasArn}
                alias={alias}
                edit={() => edit(alias)}
                remove={act}
              />
            ))}
          </section>
        </div>
      )}
      {editing ? (
        <AliasDialog
          machineArn={arn}
          versions={arns}
          alias={editing === 'new' ? undefined : editing}
          onClose={() => edit(undefined)}
        />
      ) : null}
    </>
  )
}

type Remove = (operation: string, input: Record<string, unknown>) => Promise<void>

function VersionRow({
  machineArn,
  versionArn,
  created,
  remove,
}: {
  machineArn: string
  versionArn: string
  created: number
  remove: Remove
}) {
  const number = lastPart(versionArn)
  const left = `version:${number}`
  return (
    <tr>
      <td>
        <strong>{number}</strong>
        <CopyButton text={versionArn} label={`Copy the ARN of version ${number}`} />
      </td>
      <td>
        <Time at={created} />
      </td>
      <td>
        <Link href={machinePage(machineArn, { view: 'revisions', left })}>
          Compare with the definition now
        </Link>{' '}
        <Button
          kind="bare"
          aria-label={`Delete version ${number}`}
          onClick={() =>
            void remove('DeleteStateMachineVersion', { stateMachineVersionArn: versionArn })
          }
        >
          Delete
        </Button>
      </td>
    </tr>
  )
}

function AliasRow({ alias, edit, remove }: { alias: Alias; edit: () => void; remove: Remove }) {
  const arn = alias.stateMachineAliasArn
  return (
    <div className="alias">
      <div className="action-head">
        <strong>{alias.name}</strong>
        <span className="page-actions">
          <CopyButton text={arn} label={`Copy the ARN of ${alias.name}`} />
          <Button onClick={edit} aria-label={`Change ${alias.name}`}>
            Change
          </Button>
          <Button
            kind="danger"
            aria-label={`Delete ${alias.name}`}
            onClick={() => void remove('DeleteStateMachineAlias', { stateMachineAliasArn: arn })}
          >
            Delete
          </Button>
        </span>
      </div>
      {alias.routingConfiguration.map((route) => (
        <div key={route.stateMachineVersionArn} className="route">
          <span>version {lastPart(route.stateMachineVersionArn)}</span>
          <span className="progress" aria-hidden="true">
            <span className="tone-running" style={{ width: `${route.weight}%` }} />
          </span>
          <span className="numbers">{route.weight} %</span>
        </div>
      ))}
    </div>
  )
}
