import {
  ArrowUpCircle,
  CircleAlert,
  CircleCheck,
  CirclePause,
  CirclePlus,
  Clock,
  CloudOff,
  Hand,
  RefreshCw,
  type LucideIcon,
} from 'lucide-react'
import type { StatusKind } from '../../../shared/model/status.ts'
import { cx } from '../ui/cx.ts'
import css from './StatusIcon.module.css'

const icons: Readonly<Record<StatusKind, LucideIcon>> = {
  'not-set-up': CirclePlus,
  'up-to-date': CircleCheck,
  checking: RefreshCw,
  sending: ArrowUpCircle,
  waiting: Clock,
  paused: CirclePause,
  offline: CloudOff,
  held: Hand,
  problem: CircleAlert,
}

/** The shape of a state; always beside its words. */
export function StatusIcon({ kind, size = 16 }: { readonly kind: StatusKind; readonly size?: number }) {
  const Icon = icons[kind]
  return <Icon size={size} className={cx(css.icon, css[kind])} aria-hidden />
}
