/** `20 s`, `3 min`, `2 h`, `4 days`: one unit, rounded so that it does not promise too little. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  if (whole < 60) return `${whole} s`
  const minutes = Math.ceil(whole / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.ceil(whole / 3600)
  if (hours < 24) return `${hours} h`
  const days = Math.ceil(whole / 86_400)
  return days === 1 ? '1 day' : `${days} days`
}

/** `just now`, `20 s ago`, `2 min ago`: how long before `now` something was; both in Unix milliseconds. */
export function formatAgo(at: number, now: number): string {
  const seconds = Math.floor((now - at) / 1000)
  if (seconds < 10) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  const days = Math.floor(seconds / 86_400)
  return days === 1 ? 'yesterday' : `${days} days ago`
}
