// The console's own small set of line icons, drawn on a 16 by 16 grid.

const PATHS = {
  machines: 'M5 3.5h6v3H5zM2.5 10.5h4v3h-4zM9.5 10.5h4v3h-4zM8 6.5v2M4.5 10.5v-2h7v2',
  executions: 'M4 3.2v9.6L12.5 8z',
  functions: 'M3 13l4-7 4.5 7M5 3h1.2l5.5 10H13',
  activities:
    'M8 8.2a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM3 13.5c.5-2.6 2.4-3.9 5-3.9s4.5 1.3 5 3.9',
  stacks: 'M8 2.5l6 3-6 3-6-3zM2 8.5l6 3 6-3M2 11.3l6 3 6-3',
  pipelines: 'M2 5.5h3.4v5H2zM6.3 5.5h3.4v5H6.3zM10.6 5.5H14v5h-3.4zM5.4 8h.9M9.7 8h.9',
  buckets:
    'M2.8 4h10.4l-1.4 9H4.2z' +
    'M2.8 4c0-.9 2.3-1.5 5.2-1.5s5.2.6 5.2 1.5S10.9 5.5 8 5.5 2.8 4.9 2.8 4z',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7L14 14',
  sun:
    'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1' +
    'M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5z',
  key: 'M5.5 12a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM7.8 7l5.7-4.5M11 4.5l1.6 2',
  copy: 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7',
  check: 'M3 8.5l3.3 3.3L13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  running: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5',
  clock: 'M8 13.8A5.8 5.8 0 1 0 8 2.2a5.8 5.8 0 0 0 0 11.6zM8 4.8V8l2.2 1.6',
  stop: 'M4.5 4.5h7v7h-7z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  caught: 'M13 5.5H6a3.2 3.2 0 0 0 0 6.5h5M13 5.5l-2.6-2.6M13 5.5l-2.6 2.6',
  warning: 'M8 2.3l6 11H2zM8 6.5v3.2M8 11.5v.2',
  chevron: 'M6 3.5L10.5 8 6 12.5',
  plus: 'M8 3v10M3 8h10',
  redrive: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5V5h-2.6',
  fork: 'M4.5 2.5v11M4.5 7.5c4.5 0 7-1 7-4.5M11.5 3l-2 2M11.5 3l2 2',
  external: 'M6.5 3.5h-3v9h9v-3M9 3h4v4M13 3L7.5 8.5',
  list: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  file: 'M4 1.8h5l3.5 3.5v9H4zM9 1.8v3.5h3.5',
  folder: 'M2 4h4.5l1.3 1.8H14v7H2z',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, label }: { name: IconName; label?: string }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
