// A definition beside its graph: diagnostics at their lines and the graph redrawn while one types.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react'
import { states } from '../api/client'
import type { Diagnostic, Machine } from '../api/types'
import { type Block, parseDefinition } from '../model/definition'
import { spanOf } from '../model/json_pointer'
import { machinePage, navigate } from '../router'
import { Icon } from './icons'
import { useSettledText } from './settled'
import { Button, Loading, Problem } from './ui'

const Editor = lazy(() => import('./editor'))
const GraphView = lazy(() => import('../graph/graph_view'))

const FIRST = {
  StartAt: 'Hello',
  States: {
    Hello: { Type: 'Pass', Result: { greeting: 'Hello' }, Next: 'Wait a moment' },
    'Wait a moment': { Type: 'Wait', Seconds: 5, End: true },
  },
}

function pretty(source: string): string {
  try {
    return JSON.stringify(JSON.parse(source), null, 2)
  } catch {
    return source
  }
}

async function validate(definition: string, type: string): Promise<Diagnostic[]> {
  const request = { definition, type, severity: 'WARNING' }
  const answer = await states<{ diagnostics: Diagnostic[] }>(
    'ValidateStateMachineDefinition',
    request,
  )
  return answer.diagnostics
}

// Where a syntax error stands: "line: 3, column: 7" in its words.
function spanOfDiagnostic(text: string, one: Diagnostic): { from: number; to: number } {
  if (one.location?.startsWith('/')) return spanOf(text, one.location)
  const place = /line:? (\d+),? column:? (\d+)/i.exec(`${one.location ?? ''} ${one.message}`)
  if (!place) return { from: 0, to: Math.min(1, text.length) }
  const lines = text.split('\n').slice(0, Number(place[1]) - 1)
  const from = Math.min(
    lines.reduce((sum, line) => sum + line.length + 1, 0) + Number(place[2]) - 1,
    Math.max(text.length - 1, 0),
  )
  return { from, to: Math.min(from + 1, text.length) }
}

export function DefinitionView({ machine }: { machine?: Machine }) {
  const client = useQueryClient()
  const original = useMemo(() => pretty(machine?.definition ?? JSON.stringify(FIRST)), [machine])
  const [text, setText] = useState(original)
  const [name, setName] = useState('')
  const [type, setType] = useState<Machine['type']>(machine?.type ?? 'STANDARD')
  const [error, setError] = useState<unknown>()
  const [goTo, setGoTo] = useState<{ position: number }>()
  const settled = useSettledText(text, 250)
  const checked = useQuery({
    queryKey: ['validate', settled, type],
    queryFn: () => validate(settled, type),
    enabled: settled !== '',
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  })
  const diagnostics = checked.data ?? []
  const marks = useMemo(
    () =>
      (checked.data ?? []).map((one) => ({
        ...spanOfDiagnostic(settled, one),
        severity: one.severity === 'ERROR' ? ('error' as const) : ('warning' as const),
        message: one.message,
        source: one.code,
      })),
    [checked.data, settled],
  )
  const drawn = useDrawn(useDeferredValue(text))
  const [selected, setSelected] = useState<string>()
  const select = (id: string | undefined) => {
    setSelected(id)
    const place =
      id === undefined
        ? -1
        : text.indexOf(`${JSON.stringify(id.slice(id.lastIndexOf('/') + 1))}: {`)
    if (place >= 0) setGoTo({ position: place })
  }
  const wrong = diagnostics.some((one) => one.severity === 'ERROR')
  const save = async () => {
    setError(undefined)
    try {
      if (machine) {
        await states('UpdateStateMachine', {
          stateMachineArn: machine.stateMachineArn,
          definition: text,
        })
        await client.invalidateQueries({ queryKey: ['machine', machine.stateMachineArn] })
      } else {
        const roleArn = 'arn:aws:iam::000000000000:role/any'
        const created = await states<{ stateMachineArn: string }>('CreateStateMachine', {
          name,
          definition: text,
          roleArn,
          type,
        })
        await client.invalidateQueries({ queryKey: ['machines'] })
        navigate(machinePage(created.stateMachineArn))
      }
    } catch (failure) {
      setError(failure)
    }
  }
  const unchanged = machine !== undefined && text === original
  return (
    <>
      {error ? <Problem error={error} /> : null}
      <div className="definition-body">
        <section className="panel" aria-label="Definition">
          <div className="panel-head">
            {machine ? (
              <h2>Definition</h2>
            ) : (
              <>
                <NameField name={name} onChange={setName} />
                <select
                  aria-label="Type"
                  value={type}
                  onChange={(event) => setType(event.target.value as Machine['type'])}
                >
                  <option value="STANDARD">Standard</option>
                  <option value="EXPRESS">Express</option>
                </select>
              </>
            )}
            <div className="page-actions">
              <Button disabled={pretty(text) === text} onClick={() => setText(pretty(text))}>
                Format
              </Button>
              {unchanged ? null : <Button onClick={() => setText(original)}>Undo all</Button>}
              <Button
                kind="main"
                disabled={unchanged || wrong || (!machine && name === '')}
                onClick={() => void save()}
              >
                {machine ? 'Save a new revision' : 'Create'}
              </Button>
            </div>
          </div>
          <Suspense fallback={<Loading what="Loading the editor" />}>
            <Editor
              label="Definition"
              text={text}
              onChange={setText}
              diagnostics={marks}
              goTo={goTo}
            />
          </Suspense>
          {diagnostics.length > 0 ? (
            <ul className="diagnostics" aria-label="Diagnostics">
              {diagnostics.map((one, index) => (
                <li key={`${one.code} ${one.location} ${one.message}`}>
                  <button
                    type="button"
                    className={`diagnostic tone-${one.severity === 'ERROR' ? 'bad' : 'late'}`}
                    onClick={() => setGoTo({ position: marks[index]?.from ?? 0 })}
                  >
                    <Icon name="warning" label={one.severity === 'ERROR' ? 'Error' : 'Warning'} />
                    <span>
                      {one.message} <span className="quiet">{one.location}</span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          ) : null}
        </section>
        <section className="panel" aria-label="Graph">
          {drawn ? (
            <Suspense fallback={<Loading what="Drawing the graph" />}>
              <GraphView
                label="Graph of the definition"
                definition={drawn}
                selected={selected}
                onSelect={select}
              />
            </Suspense>
          ) : (
            <p className="quiet pad">The graph comes with the first valid JSON.</p>
          )}
        </section>
      </div>
    </>
  )
}

function NameField({ name, onChange }: { name: string; onChange: (name: string) => void }) {
  return (
    <label className="name-field">
      <span className="sr">Name</span>
      <input
        placeholder="Name of the state machine"
        value={name}
        maxLength={80}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  )
}

// The last text that was JSON stays drawn while the next one is typed.
function useDrawn(text: string): Block | undefined {
  const [last, setLast] = useState<Block>()
  const parsed = useMemo(() => parseDefinition(text), [text])
  if (parsed && parsed !== last) setLast(parsed)
  return parsed ?? last
}
