// Makes an alias, or changes where one routes to: one version, or two with their shares.
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { states } from '../api/client'
import type { Alias } from '../api/revisions'
import { lastPart } from '../model/format'
import { Button, Dialog, Problem } from './ui'

export interface AliasDialogProps {
  machineArn: string
  versions: string[] // ARNs, the newest first
  alias?: Alias // none: a new one
  onClose: () => void
}

export function AliasDialog({ machineArn, versions, alias, onClose }: AliasDialogProps) {
  const client = useQueryClient()
  const routes = alias?.routingConfiguration ?? []
  const [name, setName] = useState(alias?.name ?? '')
  const [first, setFirst] = useState(routes[0]?.stateMachineVersionArn ?? versions[0] ?? '')
  const [second, setSecond] = useState(routes[1]?.stateMachineVersionArn ?? '')
  const [weight, setWeight] = useState(routes[1] ? (routes[0]?.weight ?? 100) : 90)
  const [error, setError] = useState<unknown>()
  const routing = second
    ? [
        { stateMachineVersionArn: first, weight },
        { stateMachineVersionArn: second, weight: 100 - weight },
      ]
    : [{ stateMachineVersionArn: first, weight: 100 }]
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      if (alias) {
        await states('UpdateStateMachineAlias', {
          stateMachineAliasArn: alias.stateMachineAliasArn,
          routingConfiguration: routing,
        })
      } else {
        await states('CreateStateMachineAlias', { name, routingConfiguration: routing })
      }
      await client.invalidateQueries({ queryKey: ['aliases', machineArn] })
      await client.invalidateQueries({ queryKey: ['alias'] })
      onClose()
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <Dialog title={alias ? `Change ${alias.name}` : 'Create an alias'} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        {alias ? null : (
          <label>
            Name
            <input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
          </label>
        )}
        <Versions label="Version" value={first} versions={versions} onChange={setFirst} />
        <Versions
          label="Second version"
          value={second}
          versions={versions.filter((one) => one !== first)}
          onChange={setSecond}
          none="none: all go to the first"
        />
        {second ? (
          <label>
            Share of version {lastPart(first)}, per cent
            <input
              type="number"
              min={0}
              max={100}
              value={weight}
              onChange={(event) => setWeight(Number(event.target.value))}
            />
            <span className="quiet">
              {100 - weight} per cent go to version {lastPart(second)}
            </span>
          </label>
        ) : null}
        {error ? <Problem error={error} /> : null}
        <div className="form-actions">
          <Button type="submit" kind="main" disabled={name === '' || first === ''}>
            {alias ? 'Change it' : 'Create it'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function Versions({
  label,
  value,
  versions,
  onChange,
  none,
}: {
  label: string
  value: string
  versions: string[]
  onChange: (arn: string) => void
  none?: string
}) {
  return (
    <label>
      {label}
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {none ? <option value="">{none}</option> : null}
        {versions.map((arn) => (
          <option key={arn} value={arn}>
            {lastPart(arn)}
          </option>
        ))}
      </select>
    </label>
  )
}
