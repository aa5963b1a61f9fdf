// Starts an execution; the last inputs of each machine are remembered in this browser.
import { type FormEvent, useState } from 'react'
import { ApiError, states } from '../api/client'
import type { MachineItem } from '../api/types'
import { executionPage, navigate } from '../router'
import { Button, Dialog, Problem } from './ui'

const KEPT = 8

function lastInputs(arn: string): string[] {
  try {
    return JSON.parse(localStorage.getItem(`pawl.inputs.${arn}`) ?? '[]') as string[]
  } catch {
    return []
  }
}

function remember(arn: string, input: string): void {
  const inputs = [input, ...lastInputs(arn).filter((one) => one !== input)].slice(0, KEPT)
  if (input.length < 20_000) localStorage.setItem(`pawl.inputs.${arn}`, JSON.stringify(inputs))
}

function problemOf(input: string): string | undefined {
  try {
    JSON.parse(input)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

export interface StartDialogProps {
  machine: Pick<MachineItem, 'stateMachineArn' | 'name' | 'type'>
  input?: string
  onClose: () => void
}

export function StartDialog({ machine, input: given, onClose }: StartDialogProps) {
  const kept = lastInputs(machine.stateMachineArn)
  const [input, setInput] = useState(given ?? kept[0] ?? '{}')
  const [name, setName] = useState('')
  const [error, setError] = useState<unknown>()
  const [answer, setAnswer] = useState<string>()
  const [busy, setBusy] = useState(false)
  const problem = problemOf(input)
  const start = async () => {
    setBusy(true)
    setError(undefined)
    const request = { stateMachineArn: machine.stateMachineArn, input, name: name || undefined }
    try {
      remember(machine.stateMachineArn, input)
      if (machine.type === 'EXPRESS') {
        const end = await states<Record<string, unknown>>('StartSyncExecution', request)
        setAnswer(JSON.stringify(end, null, 2))
      } else {
        const started = await states<{ executionArn: string }>('StartExecution', request)
        onClose()
        navigate(executionPage(started.executionArn))
      }
    } catch (failure) {
      setError(failure instanceof ApiError ? failure : new Error(String(failure)))
    }
    setBusy(false)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!problem && !busy) void start()
  }
  return (
    <Dialog title={`Start ${machine.name}`} onClose={onClose} wide>
      <form className="form" onSubmit={submit}>
        <label>
          Input
          <textarea
            className="code"
            rows={10}
            spellCheck={false}
            value={input}
            aria-invalid={problem !== undefined}
            onChange={(event) => setInput(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event)
            }}
          />
        </label>
        {problem ? (
          <p className="field-problem" role="alert">
            No JSON: {problem}
          </p>
        ) : null}
        {kept.length > 0 ? (
          <label>
            Last inputs
            <select value="" onChange={(event) => setInput(event.target.value)}>
              <option value="">Choose one of {kept.length}</option>
              {kept.map((one) => (
                <option key={one} value={one}>
                  {one.replaceAll(/\s+/g, ' ').slice(0, 90)}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <label>
          Name <span className="quiet">(a UUID without one)</span>
          <input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
        </label>
        {error ? <Problem error={error} /> : null}
        {answer ? (
          <pre className="code-block" tabIndex={0}>
            {answer}
          </pre>
        ) : null}
        <div className="form-actions">
          <span className="quiet">Ctrl Enter starts</span>
          <Button
            type="submit"
            kind="main"
            icon="executions"
            disabled={busy || problem !== undefined}
          >
            Start
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
