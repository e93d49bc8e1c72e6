import { z } from 'zod'
import { badRequest } from '../errors.ts'
import type { ApplicationKey } from '../model.ts'
import type { OpenCall } from '../calls.ts'
import type { World } from '../world.ts'

/** A JSON call that passed authentication. */
export type ApiCall = {
  readonly world: World
  readonly key: ApplicationKey
  readonly apiVersion: number
  /** The log entry, to be told the bucket and file. */
  readonly log: OpenCall
}

/** One of B2's JSON calls: what its key needs, and what it answers to the parameters. */
export type Operation = {
  readonly capability: string
  /** Answers the JSON body of a 200; throws `B2Error`. */
  readonly run: (call: ApiCall, params: unknown) => unknown
}

/** Defines a call with checked parameters: 400 `bad_request` for missing or malformed ones, unknown ones are ignored. */
export function operation<Params extends z.ZodType>(
  capability: string,
  params: Params,
  run: (call: ApiCall, params: z.infer<Params>) => unknown,
): Operation {
  return {
    capability,
    run: (call, raw) => {
      const parsed = params.safeParse(raw)
      if (parsed.success) return run(call, parsed.data)
      const issue = parsed.error.issues[0]
      const field = issue?.path.join('.') ?? ''
      const isMissing = issue?.path.length === 1 && (raw as Record<string, unknown>)[field] === undefined
      throw badRequest(
        isMissing ? `required field ${field} is missing` : `bad value for ${field}: ${issue?.message ?? ''}`,
      )
    },
  }
}

/** Optional text; absent, null and empty are the same. */
export const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? '')

/** File info in a JSON body: names and values as they are, not percent-encoded. */
export const fileInfoParam = z.record(z.string(), z.string()).nullish()

/** Parameters that are numbers in JSON bodies and therefore arrive as text in a query string. */
const NUMERIC = new Set([
  'ifRevisionIs',
  'maxFileCount',
  'maxKeyCount',
  'maxPartCount',
  'partNumber',
  'startPartNumber',
  'validDurationInSeconds',
])
const LISTS = new Set(['bucketTypes', 'capabilities', 'bucketIds', 'partSha1Array'])
const JSON_VALUES = new Set(['bucketInfo', 'corsRules', 'defaultServerSideEncryption', 'fileInfo', 'lifecycleRules'])

/** The parameters of a call made as GET: numbers, comma-separated lists and objects written as JSON get their types. */
export function paramsOfQuery(query: string): Record<string, unknown> {
  const entries = [...new URLSearchParams(query)].map(([name, text]): [string, unknown] => {
    if (NUMERIC.has(name) && /^-?\d+$/.test(text)) return [name, Number(text)]
    if (JSON_VALUES.has(name)) return [name, parseJson(name, text)]
    return [name, LISTS.has(name) ? text.split(',') : text]
  })
  return Object.fromEntries(entries)
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest(`bad value for ${name}: not JSON`)
  }
}
