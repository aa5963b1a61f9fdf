// What can be done with an execution.
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { pawl, states } from '../api/client'
import type { Execution } from '../api/types'
import { lastPart } from '../model/format'
import { executionPage, navigate, to } from '../router'
import { StartDialog } from './start_dialog'
import { Button, Dialog, Problem } from './ui'

export interface RunActionsProps {
  execution: Execution
  machineArn: string
  eventId?: number // of the state that is chosen: a fork begins there
}

type Open = 'stop' | 'fork' | 'again'

export function RunActions({ execution, machineArn, eventId }: RunActionsProps) {
  const client = useQueryClient()
  const [open, setOpen] = useState<Open>()
  const [error, setError] = useState<unknown>()
  const arn = execution.executionArn
  const close = () => setOpen(undefined)
  const redrive = async () => {
    setError(undefined)
    try {
      await states('RedriveExecution', { executionArn: arn })
      await client.invalidateQueries({ queryKey: ['execution', arn] })
    } catch (failure) {
      setError(failure)
    }
  }
  const running = execution.status === 'RUNNING'
  return (
    <>
      {running ? (
        <Button icon="stop" kind="danger" onClick={() => setOpen('stop')}>
          Stop
        </Button>
      ) : null}
      {execution.redriveStatus === 'REDRIVABLE' ? (
        <Button icon="redrive" onClick={() => void redrive()}>
          Redrive
        </Button>
      ) : null}
      <Button icon="fork" onClick={() => setOpen('fork')}>
        Fork
      </Button>
      <Button onClick={() => navigate(to(['compare'], { left: arn }))}>Compare</Button>
      <Button icon="executions" kind="main" onClick={() => setOpen('again')}>
        Start again
      </Button>
      {error ? <Problem error={error} /> : null}
      {open === 'again' ? (
        <StartDialog
          machine={{ stateMachineArn: machineArn, name: lastPart(machineArn), type: 'STANDARD' }}
          input={execution.input}
          onClose={close}
        />
      ) : null}
      {open === 'stop' ? <StopDialog arn={arn} onClose={close} /> : null}
      {open === 'fork' ? <ForkDialog arn={arn} eventId={eventId ?? 1} onClose={close} /> : null}
    </>
  )
}

function StopDialog({ arn, onClose }: { arn: string; onClose: () => void }) {
  const client = useQueryClient()
  const [cause, setCause] = useState('')
  const [error, setError] = useState<unknown>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await states('StopExecution', { executionArn: arn, cause: cause || undefined })
      await client.invalidateQueries({ queryKey: ['execution', arn] })
      onClose()
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <Dialog title="Stop the execution" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <p>Open tasks are abandoned. A stopped execution may be redriven later.</p>
        <label>
          Cause <span className="quiet">(shown in its history)</span>
          <input value={cause} onChange={(event) => setCause(event.target.value)} />
        </label>
        {error ? <Problem error={error} /> : null}
        <div className="form-actions">
          <Button type="submit" kind="main" icon="stop">
            Stop it
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function ForkDialog({
  arn,
  eventId,
  onClose,
}: {
  arn: string
  eventId: number
  onClose: () => void
}) {
  const [event, setEvent] = useState(String(eventId))
  const [input, setInput] = useState('')
  const [error, setError] = useState<unknown>()
  const submit = async (form: FormEvent) => {
    form.preventDefault()
    try {
      const request = { executionArn: arn, eventId: Number(event), input: input || undefined }
      const forked = await pawl<{ executionArn: string }>('fork', request)
      onClose()
      navigate(executionPage(forked.executionArn))
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <Dialog title="Fork the execution" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <p>
          A new execution begins with the events up to this one, and goes on from there. This one
          stays as it is.
        </p>
        <label>
          Event
          <input type="number" min={1} value={event} onChange={(e) => setEvent(e.target.value)} />
        </label>
        <label>
          Input of the state at that event <span className="quiet">(as it was, without one)</span>
          <textarea
            className="code"
            rows={5}
            value={input}
            spellCheck={false}
            onChange={(e) => setInput(e.target.value)}
          />
        </label>
        {error ? <Problem error={error} /> : null}
        <div className="form-actions">
          <Button type="submit" kind="main" icon="fork">
            Fork
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
