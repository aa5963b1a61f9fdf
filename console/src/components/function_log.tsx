// The lines that a function wrote within a time: an attempt's own, from its START to its END.
import { useQuery } from '@tanstack/react-query'
import { logs } from '../api/client'
import { type LogLine, linesOfCall } from '../model/log_lines'
import { Time } from './time'
import { Loading, Problem } from './ui'

interface FilteredEvents {
  events?: { timestamp: number; message: string; logStreamName: string }[]
  nextToken?: string
}

export interface FunctionLogProps {
  name: string
  from?: number
  to?: number
  limit?: number
}

async function readLines({ name, from, to, limit = 1000 }: FunctionLogProps): Promise<LogLine[]> {
  const request = {
    logGroupName: `/aws/lambda/${name}`,
    startTime: from === undefined ? undefined : Math.floor(from * 1000) - 50,
    // Lines reach the log a moment after the answer.
    endTime: to === undefined ? undefined : Math.ceil(to * 1000) + 300,
    limit,
  }
  const page = await logs<FilteredEvents>('FilterLogEvents', request)
  return (page.events ?? []).map((event) => ({
    time: event.timestamp / 1000,
    text: event.message,
    stream: event.logStreamName,
  }))
}

export function FunctionLog(props: FunctionLogProps) {
  const { data, error, isPending } = useQuery({
    queryKey: ['log', props.name, props.from, props.to, props.limit],
    queryFn: () => readLines(props),
    refetchInterval: props.from !== undefined && props.to === undefined ? 2000 : false,
  })
  if (error) return <Problem error={error} />
  if (isPending) return <Loading what="Reading the log" />
  const lines = props.from === undefined ? data : linesOfCall(data, props.from)
  if (lines.length === 0) return <p className="quiet pad">No line is kept of this time.</p>
  return (
    <div className="log" role="log" aria-label={`Log of ${props.name}`} tabIndex={0}>
      {lines.map((line, index) => (
        <div key={index} className="log-line">
          <Time at={line.time} />
          <span>{line.text}</span>
        </div>
      ))}
    </div>
  )
}
