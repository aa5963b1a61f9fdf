// One function: its configuration, what it prints, and a call of it.
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { lambda, send } from '../api/client'
import type { FunctionItem } from '../api/queries'
import { FunctionLog } from '../components/function_log'
import { JsonTree } from '../components/json_tree'
import { StatusBadge } from '../components/status'
import { Time } from '../components/time'
import { Button, CopyButton, Facts, Loading, PageHead, Problem, Tabs } from '../components/ui'
import { ZipView } from '../components/zip_view'
import { bytes, duration } from '../model/format'
import { changeQuery, to } from '../router'

interface FunctionAnswer {
  Configuration: FunctionItem
  Code?: { Location?: string }
  Tags?: Record<string, string>
  Concurrency?: { ReservedConcurrentExecutions?: number }
}

export function FunctionPage({ name, query }: { name: string; query: URLSearchParams }) {
  const path = `functions/${encodeURIComponent(name)}`
  const { data, error, refetch } = useQuery({
    queryKey: ['function', name],
    queryFn: () => lambda<FunctionAnswer>('GET', path),
  })
  if (error) return <Problem error={error} retry={refetch} />
  if (!data) return <Loading what="Loading the function" />
  const one = data.Configuration
  const view = query.get('view') ?? 'test'
  const variables = Object.entries(one.Environment?.Variables ?? {})
  return (
    <div className="page">
      <PageHead
        crumbs={[{ label: 'Functions', href: to(['functions']) }]}
        title={name}
        badge={<CopyButton text={one.FunctionArn} label="Copy the ARN" />}
      >
        <Facts
          facts={[
            ['Runtime', one.Runtime],
            ['Handler', <code key="handler">{one.Handler}</code>],
            ['Timeout', duration(one.Timeout)],
            ['Memory', `${one.MemorySize} MB`],
            ['Code', bytes(one.CodeSize)],
            ['Changed', <Time key="changed" at={Date.parse(one.LastModified) / 1000} />],
          ]}
        />
      </PageHead>
      <Tabs
        label="Views of the function"
        active={view}
        onChange={(key) => changeQuery({ view: key })}
        tabs={[
          { key: 'test', label: 'Test' },
          { key: 'code', label: 'Code' },
          { key: 'log', label: 'Log' },
          { key: 'environment', label: 'Environment', count: variables.length },
          { key: 'configuration', label: 'Configuration' },
        ]}
      />
      {view === 'test' ? <Test path={path} name={name} /> : null}
      {view === 'code' ? (
        <Code key={one.CodeSha256} name={name} location={data.Code?.Location} />
      ) : null}
      {view === 'configuration' ? (
        <section className="panel" aria-label="Configuration">
          <JsonTree
            text={JSON.stringify({ ...one, Tags: data.Tags, ...data.Concurrency })}
            label="Configuration"
          />
        </section>
      ) : null}
      {view === 'log' ? (
        <section className="panel" aria-label="Log">
          <FunctionLog name={name} limit={2000} />
        </section>
      ) : null}
      {view === 'environment' ? (
        <section className="panel" aria-label="Environment">
          {variables.length === 0 ? <p className="quiet pad">No variables are set.</p> : null}
          <table className="plain-table">
            <tbody>
              {variables.map(([key, value]) => (
                <tr key={key}>
                  <td>
                    <code>{key}</code>
                  </td>
                  <td>
                    <code>{value}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </div>
  )
}

// The package that runs, at the address that GetFunction has signed; asked for here, whatever name
// of the server that address bears.
function Code({ name, location }: { name: string; location?: string }) {
  const { data, error } = useQuery({
    queryKey: ['code', name, location?.split('?')[0]],
    queryFn: async () => {
      const { pathname, search } = new URL(location ?? '', window.location.origin)
      const response = await fetch(pathname + search)
      if (!response.ok) throw new Error(`The package is not there: ${response.status}`)
      return new Uint8Array(await response.arrayBuffer())
    },
    enabled: location !== undefined,
    retry: false,
    gcTime: 0,
  })
  if (error) return <Problem error={error} />
  if (!location) return <p className="quiet pad">It has no package: it runs from an image.</p>
  if (!data) return <Loading what="Loading the package" />
  return (
    <section className="panel" aria-label="Code">
      <ZipView bytes={data} label={name} />
    </section>
  )
}

interface Answer {
  failed: boolean
  payload: string
  log: string
  seconds: number
}

// LogType Tail: the last 4 KB of what it printed come in a header, in base64.
async function invoke(path: string, payload: string): Promise<Answer> {
  const began = performance.now()
  const response = await send({
    service: 'lambda',
    path: `/2015-03-31/${path}/invocations`,
    headers: { 'x-amz-log-type': 'Tail' },
    body: payload,
  })
  const log = response.headers.get('x-amz-log-result') ?? ''
  const decoded = Uint8Array.from(atob(log), (char) => char.charCodeAt(0))
  return {
    failed: response.headers.has('x-amz-function-error'),
    payload: await response.text(),
    log: new TextDecoder().decode(decoded),
    seconds: (performance.now() - began) / 1000,
  }
}

function Test({ path, name }: { path: string; name: string }) {
  const [payload, setPayload] = useState(
    () => localStorage.getItem(`pawl.payload.${name}`) ?? '{"name": "world"}',
  )
  const [answer, setAnswer] = useState<Answer>()
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      localStorage.setItem(`pawl.payload.${name}`, payload)
      setAnswer(await invoke(path, payload))
    } catch (failure) {
      setError(failure)
    }
    setBusy(false)
  }
  return (
    <div className="columns">
      <section className="panel" aria-label="Event">
        <form className="form" onSubmit={submit}>
          <label>
            Event
            <textarea
              className="code"
              rows={12}
              spellCheck={false}
              value={payload}
              onChange={(event) => setPayload(event.target.value)}
            />
          </label>
          <div className="form-actions">
            <Button type="submit" kind="main" icon="executions" disabled={busy}>
              {busy ? 'It runs' : 'Invoke'}
            </Button>
          </div>
        </form>
      </section>
      <section className="panel" aria-label="Answer">
        {error ? <Problem error={error} /> : null}
        {answer ? (
          <>
            <div className="panel-head">
              <StatusBadge status={answer.failed ? 'FAILED' : 'SUCCEEDED'} />
              <span className="quiet">{duration(answer.seconds)}</span>
            </div>
            <JsonTree text={answer.payload} label="Answer" />
            <h3>What it printed</h3>
            <pre className="code-block" tabIndex={0}>
              {answer.log}
            </pre>
          </>
        ) : (
          <p className="quiet pad">The answer and the last lines of the log come here.</p>
        )}
      </section>
    </div>
  )
}
