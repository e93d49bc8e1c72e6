/**
 * Finds out how many transfers at once are worth it. Pure: it is told what happens and when, and says a limit.
 *
 * It works in rounds in which the limit stays as it is and the work done is measured. First it climbs, doubling for as long
 * as that brings enough; then it rests, and tries now and then whether a few more bring more, or, where transfers take
 * longer than they did among fewer, whether as much is done with fewer. The longer that changes nothing, the rarer. When
 * B2 turns requests away, or memory runs short, it steps back at once; when the link became a narrow one it begins anew.
 */

/** What every home line and every small server bears, and what a fast machine next to a fast server wants. */
const FIRST_LIMIT = 8

/** Doubling has to bring at least this part of what it brings where nobody is in anybody's way. */
const LEAST_GAIN = 0.3

/** With fewer, as much of the work has to be done as chance takes from one round to the next. */
const AS_MUCH = 0.97

/** Transfers that take so many times longer than they did at best wait for each other. */
const CROWDED = 1.3

/** So much of a difference in what is done is another link, or another kind of files. */
const DIFFERENT = 1.6

/** Less done, and each transfer so many times longer than at best, for some rounds: a link on which far fewer are enough. */
const NARROW = 4
const NARROW_ROUNDS = 2

const STEP_UP = 1.25
const STEP_DOWN = 0.75
const STEP_BACK = 0.7

/** Rounds between two tries. */
const SHORT_REST = 2
const LONG_REST = 32

/** So many refusals, and such a part of all ends, are more than a storage pod that is busy for itself. */
const LEAST_REFUSALS = 3
const REFUSED_PART = 0.05

/** A round that takes longer counts even if not everybody had an end in it. */
const LONGEST_ROUNDS = 8

/** After a silence what was measured before it says nothing. */
const SILENCE_MS = 5000

/** How long a change takes to be felt at most. */
const LONGEST_SETTLE_MS = 1000

export type TunerOptions = {
  /** The highest limit ever. */
  readonly most: number
  /** What the end of a transfer counts beside its bytes, bytes. */
  readonly endBytes: number
  /** The least length of a round, milliseconds. */
  readonly roundMs: number
  /** Whether this process has more memory than it should. */
  readonly isMemoryShort: () => boolean
}

/** One measurement. */
type Round = {
  readonly opensAt: number
  lastAt: number
  bytes: number
  ends: number
  latencyMs: number
  looks: number
  fullLooks: number
}

/** What a limit brought: bytes a millisecond, and how long a transfer took, null where none ended. */
type Yield = { readonly limit: number; readonly speed: number; readonly latencyMs: number | null }

type Stage =
  | { readonly kind: 'climbing'; readonly before: Yield | null }
  | { readonly kind: 'resting' }
  /** `home`: where it goes back to. */
  | { readonly kind: 'trying'; readonly home: Yield }

export class Tuner {
  readonly #options: TunerOptions
  #most: number
  #limit: number
  #stage: Stage = { kind: 'climbing', before: null }
  #round: Round | null = null
  #now = 0
  #opensAt = 0
  #settleMs = LONGEST_SETTLE_MS / 2
  #bestLatencyMs = Infinity
  #rest = SHORT_REST
  #rounds = 0
  #restSpeed = 0
  #narrowRounds = 0
  #isDownNext = false
  /** Whether the last round of climbing brought too little. */
  #isDoubted = false
  #refusals = 0
  #endsBefore = 0
  #steppedBackAt = -Infinity

  constructor(options: TunerOptions) {
    this.#options = options
    this.#most = options.most
    this.#limit = Math.min(FIRST_LIMIT, options.most)
  }

  /** Transfers at once. */
  get limit(): number {
    return this.#limit
  }

  /** The highest limit that a person allows; null for none but the own. */
  allow(most: number | null): void {
    const before = this.#most
    this.#most = Math.min(most ?? this.#options.most, this.#options.most)
    if (this.#limit > this.#most) this.#go(this.#most, { kind: 'resting' })
    // What was found under the lower ceiling was not the end.
    else if (this.#limit === before && this.#most > before) {
      this.#go(Math.max(this.#limit, Math.min(FIRST_LIMIT, this.#most)), { kind: 'climbing', before: null })
    }
  }

  /** Bytes were sent; `at` in milliseconds of any clock that nobody sets, `inUse` transfers under way. */
  moved(at: number, bytes: number, inUse: number): void {
    const round = this.#openRound(at)
    if (round === null) return
    round.bytes += bytes
    this.#look(round, at, inUse)
  }

  /** A transfer has ended, after `latencyMs`; `inUse` counts it still. */
  ended(at: number, latencyMs: number, inUse: number): void {
    this.#settleMs = Math.min(LONGEST_SETTLE_MS, Math.max(latencyMs, this.#settleMs / 2))
    const round = this.#openRound(at)
    if (round === null) return
    round.bytes += this.#options.endBytes
    round.ends += 1
    round.latencyMs += latencyMs
    this.#look(round, at, inUse)
  }

  /** B2 has turned a request away because it is too much, for `pauseMs` where it said for how long. */
  refused(at: number, pauseMs: number): void {
    this.#now = at
    this.#refusals += 1
    const ends = (this.#round?.ends ?? 0) + this.#endsBefore
    if (this.#refusals < LEAST_REFUSALS || this.#refusals < ends * REFUSED_PART) return
    this.#opensAt = Math.max(this.#opensAt, at + pauseMs + this.#settleMs)
    this.#round = null
    // All that were under way together are turned away together: that is one reason, not many.
    if (at < this.#steppedBackAt + LONGEST_SETTLE_MS) return
    this.#steppedBackAt = at
    this.#stepBack(1)
  }

  #openRound(at: number): Round | null {
    this.#now = at
    if (at < this.#opensAt) return null
    if (this.#round !== null && at - this.#round.lastAt > SILENCE_MS) this.#round = null
    this.#round ??= { opensAt: at, lastAt: at, bytes: 0, ends: 0, latencyMs: 0, looks: 0, fullLooks: 0 }
    return this.#round
  }

  #look(round: Round, at: number, inUse: number): void {
    const { endBytes } = this.#options
    // At the beginning every round is lost in which a far link is not made use of.
    const roundMs = this.#options.roundMs / (this.#stage.kind === 'climbing' ? 2 : 1)
    round.lastAt = at
    round.looks += 1
    if (inUse === this.#limit) round.fullLooks += 1
    const passed = at - round.opensAt
    const isComplete = endBytes === 0 || round.ends >= this.#limit || passed >= roundMs * LONGEST_ROUNDS
    if (passed < roundMs || !isComplete) return
    this.#round = null
    this.#refusals = 0
    this.#endsBefore = round.ends
    // Where there was not enough to do, or more at work than allowed, the limit has nothing to do with what was done.
    if (round.fullLooks < round.looks * 0.8) return
    const latencyMs = round.ends === 0 ? null : round.latencyMs / round.ends
    this.#judge({ limit: this.#limit, speed: round.bytes / passed, latencyMs })
  }

  #judge(found: Yield): void {
    if (found.latencyMs !== null) this.#bestLatencyMs = Math.min(this.#bestLatencyMs * 1.01, found.latencyMs)
    if (this.#options.isMemoryShort()) {
      // Fewer would not make anything else smaller.
      this.#stepBack(Math.min(this.#limit, FIRST_LIMIT / 2))
      return
    }
    switch (this.#stage.kind) {
      case 'climbing':
        this.#climb(this.#stage.before, found)
        return
      case 'trying':
        this.#decide(this.#stage.home, found)
        return
      case 'resting':
        this.#rounds += 1
        if (this.#isNarrower(found)) return
        if (found.speed * DIFFERENT < this.#restSpeed || found.speed > this.#restSpeed * DIFFERENT) {
          this.#rest = SHORT_REST
        }
        this.#restSpeed = found.speed
        if (this.#rounds >= this.#rest) this.#try(found)
    }
  }

  #climb(before: Yield | null, found: Yield): void {
    const isEnough = before === null || isWorthIt(before, found)
    // Rounds are short here, and a moment in which this machine did something else is no reason to turn back.
    if (!isEnough && !this.#isDoubted) {
      this.#isDoubted = true
      return
    }
    this.#isDoubted = false
    if (!isEnough) this.#go(before.limit, { kind: 'resting' })
    else if (found.limit >= this.#most) this.#stage = { kind: 'resting' }
    else this.#go(Math.min(this.#most, found.limit * 2), { kind: 'climbing', before: found })
  }

  /** Whether the link seems to have become a narrow one. When that lasts it begins anew: down step by step takes minutes. */
  #isNarrower({ speed, latencyMs }: Yield): boolean {
    const isLong = latencyMs !== null && latencyMs > this.#bestLatencyMs * NARROW
    this.#narrowRounds = isLong && speed * DIFFERENT < this.#restSpeed ? this.#narrowRounds + 1 : 0
    if (this.#narrowRounds < NARROW_ROUNDS) return this.#narrowRounds > 0
    this.#narrowRounds = 0
    this.#bestLatencyMs = Infinity
    this.#go(Math.min(FIRST_LIMIT, this.#most), { kind: 'climbing', before: null })
    return true
  }

  /** Goes a step up or down to see what that brings. */
  #try(home: Yield): void {
    const isCrowded = home.latencyMs === null || home.latencyMs > this.#bestLatencyMs * CROWDED
    const up = Math.min(this.#most, Math.ceil(home.limit * STEP_UP))
    const down = Math.floor(home.limit * STEP_DOWN)
    const mayGoDown = isCrowded && down >= 1
    const mayGoUp = up > home.limit
    this.#rounds = 0
    this.#stage = { kind: 'resting' }
    if (!mayGoDown && !mayGoUp) return
    this.#go(mayGoDown && (this.#isDownNext || !mayGoUp) ? down : up, { kind: 'trying', home })
  }

  #decide(home: Yield, found: Yield): void {
    const isUp = found.limit > home.limit
    const isBetter = isUp ? isWorthIt(home, found) : found.speed >= home.speed * AS_MUCH
    this.#isDownNext = isUp !== isBetter
    this.#rest = isBetter ? SHORT_REST : Math.min(LONG_REST, this.#rest * 2)
    if (!isBetter) this.#go(home.limit, { kind: 'resting' })
    // From there on at once: the right number may be far away.
    else this.#try(found)
  }

  #stepBack(least: number): void {
    this.#rest = SHORT_REST
    this.#isDownNext = false
    this.#go(Math.max(least, Math.floor(this.#limit * STEP_BACK)), { kind: 'resting' })
  }

  #go(limit: number, stage: Stage): void {
    this.#limit = limit
    this.#stage = stage
    this.#rounds = 0
    this.#round = null
    // Until what was begun before has ended.
    this.#opensAt = Math.max(this.#opensAt, this.#now + this.#settleMs)
  }
}

/** Whether more at once bring so much more that they do not just wait for each other. */
function isWorthIt(fewer: Yield, more: Yield): boolean {
  return more.speed >= fewer.speed * (1 + LEAST_GAIN * (more.limit / fewer.limit - 1))
}
