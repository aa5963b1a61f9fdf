// What has changed from one revision or version of a state machine to another: as text, and as one
// graph of both.
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo } from 'react'
import { versionsQuery } from '../api/queries'
import { revisionsQuery, sourceQuery } from '../api/revisions'
import { parseDefinition } from '../model/definition'
import { diffDefinitions } from '../model/definition_diff'
import { exactTime, lastPart, shortTime } from '../model/format'
import { changeQuery } from '../router'
import { DiffView } from './diff_view'
import { Button, Loading, Problem, Tabs } from './ui'

const GraphView = lazy(() => import('../graph/graph_view'))

interface Choice {
  value: string
  words: string
}

export function RevisionsView({ arn, query }: { arn: string; query: URLSearchParams }) {
  const revisions = useQuery(revisionsQuery(arn))
  const versions = useQuery(versionsQuery(arn)).data
  if (revisions.error) return <Problem error={revisions.error} />
  if (!revisions.data || !versions) return <Loading what="Loading the revisions" />
  const choices: Choice[] = [
    ...revisions.data.map((one, index) => ({
      value: `revision:${one.revisionId}`,
      words:
        `${index === 0 ? 'Now' : 'Revision'}: ${one.revisionId.slice(0, 8)}, ` +
        shortTime(one.updateDate),
    })),
    ...versions.map((one) => ({
      value: `version:${lastPart(one.stateMachineVersionArn)}`,
      words: `Version ${lastPart(one.stateMachineVersionArn)}, ${shortTime(one.creationDate)}`,
    })),
  ]
  const right = query.get('right') ?? choices[0]?.value ?? ''
  const left = query.get('left') ?? choices[1]?.value ?? right
  const newest = revisions.data[0]
  return (
    <>
      <div className="filters">
        <Chooser label="From" value={left} choices={choices} name="left" />
        <Button
          aria-label="Exchange the two"
          onClick={() => changeQuery({ left: right, right: left })}
        >
          ⇄
        </Button>
        <Chooser label="To" value={right} choices={choices} name="right" />
        <span className="quiet" title={newest ? exactTime(newest.updateDate) : undefined}>
          {revisions.data.length === 1
            ? 'It was never updated'
            : `${revisions.data.length} revisions are kept`}
        </span>
      </div>
      <Difference
        arn={arn}
        left={left}
        right={right}
        as={query.get('as') === 'text' ? 'text' : 'graph'}
      />
    </>
  )
}

function Chooser({
  label,
  value,
  choices,
  name,
}: {
  label: string
  value: string
  choices: Choice[]
  name: 'left' | 'right'
}) {
  return (
    <label>
      {label}{' '}
      <select
        aria-label={label}
        value={value}
        onChange={(event) => changeQuery({ [name]: event.target.value })}
      >
        {choices.map((one) => (
          <option key={one.value} value={one.value}>
            {one.words}
          </option>
        ))}
      </select>
    </label>
  )
}

// As people read it; members stay in their order.
function pretty(source: string): string {
  try {
    return JSON.stringify(JSON.parse(source), null, 2)
  } catch {
    return source
  }
}

function Difference({
  arn,
  left,
  right,
  as,
}: {
  arn: string
  left: string
  right: string
  as: 'text' | 'graph'
}) {
  const before = useQuery(sourceQuery(arn, left))
  const after = useQuery(sourceQuery(arn, right))
  const drawn = useMemo(() => {
    if (before.data === undefined || after.data === undefined) return undefined
    const old = parseDefinition(before.data)
    const now = parseDefinition(after.data)
    if (!old || !now) return undefined
    return diffDefinitions({ source: before.data, block: old }, { source: after.data, block: now })
  }, [before.data, after.data])
  const error = before.error ?? after.error
  if (error) return <Problem error={error} />
  if (before.data === undefined || after.data === undefined) {
    return <Loading what="Reading both definitions" />
  }
  const found = (mark: string) =>
    [...(drawn?.marks ?? [])].filter(([, one]) => one === mark).map(([id]) => id)
  const marks: [string, string, string][] = [
    ['added', 'Added', 'good'],
    ['changed', 'Changed', 'late'],
    ['removed', 'Removed', 'bad'],
  ]
  return (
    <section className="panel diff-panel" aria-label="Difference">
      <div className="panel-head">
        <Tabs
          label="As what the difference is shown"
          active={as}
          onChange={(key) => changeQuery({ as: key })}
          tabs={[
            { key: 'graph', label: 'Graph' },
            { key: 'text', label: 'Text' },
          ]}
        />
        <div className="legend">
          {marks.map(([mark, words, tone]) =>
            found(mark).length > 0 ? (
              <span key={mark} className={`badge tone-${tone}`}>
                {words}: {found(mark).map(stateName).join(', ')}
              </span>
            ) : null,
          )}
          {drawn && drawn.marks.size === 0 ? (
            <span className="quiet">Every state is the same.</span>
          ) : null}
        </div>
      </div>
      {as === 'text' ? (
        <DiffView
          before={pretty(before.data)}
          after={pretty(after.data)}
          label="Difference of the definitions"
        />
      ) : (
        <Suspense fallback={<Loading what="Drawing the graph" />}>
          {drawn ? (
            <GraphView
              label="Graph of both definitions"
              definition={drawn.block}
              marks={drawn.marks}
            />
          ) : null}
        </Suspense>
      )}
    </section>
  )
}

const stateName = (id: string) => id.slice(id.lastIndexOf('/') + 1)
