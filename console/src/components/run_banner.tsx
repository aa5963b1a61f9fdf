// The answer to "why?": what failed and with which words, or what it waits for.
import type { Execution, Explanation, WaitFor } from '../api/types'
import { causeOf } from '../model/cause'
import { pathOf, type Visit } from '../model/history'
import { executionPage } from '../router'
import { Icon } from './icons'
import { Link } from './link'
import { Button, CopyButton } from './ui'
import { Words } from './words'

export interface RunBannerProps {
  execution: Execution
  explanation?: Explanation
  failed?: Visit
  onSelect: (visit: Visit) => void
}

export function RunBanner({ execution, explanation, failed, onSelect }: RunBannerProps) {
  if (execution.status === 'RUNNING') return <Waits explanation={explanation} />
  if (execution.status === 'SUCCEEDED') return null
  const fault = failed?.fault ?? execution
  const attempts = failed?.attempts.length ?? 0
  const cause = causeOf(execution.cause ?? fault.cause)
  const verb = execution.status === 'ABORTED' ? 'Aborted' : 'Failed'
  return (
    <div className="banner tone-bad">
      <Icon name="cross" />
      <div className="banner-words">
        <p className="banner-title">
          {failed ? (
            <>
              {verb} in{' '}
              <button type="button" className="link" onClick={() => onSelect(failed)}>
                {pathOf(failed)}
              </button>
              {attempts > 1 ? ` after ${attempts} attempts` : ''}
            </>
          ) : (
            verb
          )}
          {execution.error ? (
            <>
              : <code>{execution.error}</code>
            </>
          ) : null}
        </p>
        {cause.text ? <pre className="banner-cause">{cause.text}</pre> : null}
        {cause.trace ? (
          <details>
            <summary>Stack trace</summary>
            <pre className="banner-cause">{cause.trace}</pre>
          </details>
        ) : null}
      </div>
      {failed ? <Button onClick={() => onSelect(failed)}>Show the state</Button> : null}
    </div>
  )
}

function Waits({ explanation }: { explanation?: Explanation }) {
  if (!explanation || (explanation.waitsFor.length === 0 && !explanation.paused)) return null
  const [first, ...others] = explanation.waitsFor
  return (
    <div className={explanation.paused ? 'banner tone-late' : 'banner tone-running'}>
      <Icon name={explanation.paused ? 'pause' : 'clock'} />
      <div className="banner-words">
        {explanation.paused ? (
          <p className="banner-title">
            It is <Words text={explanation.paused.explanation ?? 'paused'} />
          </p>
        ) : null}
        {first ? <Wait wait={first} /> : null}
        {others.length > 0 ? (
          <details>
            <summary>
              and {others.length} more{explanation.truncated ? ' (the first 100)' : ''}
            </summary>
            {others.map((wait) => (
              <Wait key={`${wait.path} ${wait.explanation}`} wait={wait} />
            ))}
          </details>
        ) : null}
      </div>
    </div>
  )
}

function Wait({ wait }: { wait: WaitFor }) {
  return (
    <p className="wait">
      <strong>{wait.path}</strong> <Words text={wait.explanation} />
      {wait.childExecutionArn ? (
        <>
          {' '}
          <Link href={executionPage(wait.childExecutionArn)}>Open the child</Link>
        </>
      ) : null}
      {wait.taskToken ? <CopyButton text={wait.taskToken} label="Copy the task token" /> : null}
    </p>
  )
}
