// Starts a pipeline's execution, with values of its variables.
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { codepipeline } from '../api/client'
import type { PipelineDeclaration } from '../api/pipelines'
import { Button, Dialog, Problem } from './ui'

export function StartPipeline({
  pipeline,
  onClose,
}: {
  pipeline: PipelineDeclaration
  onClose: () => void
}) {
  const client = useQueryClient()
  const declared = pipeline.variables ?? []
  const [values, setValues] = useState<Record<string, string>>({})
  const [error, setError] = useState<unknown>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const variables = Object.entries(values)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => ({ name, value }))
    try {
      await codepipeline('StartPipelineExecution', {
        name: pipeline.name,
        variables: variables.length > 0 ? variables : undefined,
      })
      await client.invalidateQueries({ queryKey: ['pipelines', pipeline.name] })
      onClose()
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <Dialog title={`Start ${pipeline.name}`} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <p>The newest revision of each source goes through the stages.</p>
        {declared.map((one) => (
          <label key={one.name}>
            {one.name} <span className="quiet">{one.description}</span>
            <input
              placeholder={one.defaultValue}
              value={values[one.name] ?? ''}
              onChange={(event) => setValues({ ...values, [one.name]: event.target.value })}
            />
          </label>
        ))}
        {error ? <Problem error={error} /> : null}
        <div className="form-actions">
          <Button type="submit" kind="main" icon="executions">
            Start it
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
