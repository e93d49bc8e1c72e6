/** Application keys: making one that may do as little as possible, looking at them, and ending them. */
import { EngineError, isEngineError } from '../../../shared/errors.ts'
import { callB2, type Api, type CallOptions } from './call.ts'
import { KEYS_PAGE } from './limits.ts'
import { ApplicationKey, KeysAnswer, NewApplicationKey } from './types.ts'

export type KeyWish = CallOptions & {
  /** 1 to 100 letters, digits and `-`; need not be unique. */
  readonly keyName: string
  /** All of them capabilities that the key of this client has itself. */
  readonly capabilities: readonly string[]
  /** The only buckets it may use; all when absent. */
  readonly bucketIds?: readonly string[] | undefined
  /** Names it may use start with this; all when absent. */
  readonly namePrefix?: string | undefined
  /** Seconds, 1 to 86,400,000 (1,000 days); forever when absent. */
  readonly validDurationInSeconds?: number | undefined
}

/**
 * Makes a key; its secret is in the answer and can never be had again. When the answer is lost the key is made again:
 * what stays behind then is a key whose secret nobody has ever seen.
 */
export function createKey(api: Api, { signal, patience, ...wish }: KeyWish): Promise<NewApplicationKey> {
  return callB2(
    api,
    {
      operation: 'b2_create_key',
      needs: ['writeKeys'],
      body: ({ accountId }) => ({ accountId, ...wish }),
      answer: NewApplicationKey,
    },
    { signal, patience },
  )
}

/** All keys of the account without their secrets, page by page. */
export async function* listKeys(api: Api, options?: CallOptions): AsyncGenerator<readonly ApplicationKey[], void> {
  for (let start: string | null | undefined = ''; start != null;) {
    const at: string = start
    const page = await callB2(
      api,
      {
        operation: 'b2_list_keys',
        needs: ['listKeys'],
        body: ({ accountId }) => ({
          accountId,
          maxKeyCount: KEYS_PAGE,
          ...(at === '' ? {} : { startApplicationKeyId: at }),
        }),
        answer: KeysAnswer,
      },
      options,
    )
    if (page.keys.length > 0) yield page.keys
    start = page.nextApplicationKeyId
    if (start === at) {
      throw new EngineError('b2_service_error', 'The list of keys does not move on', { operation: 'b2_list_keys' })
    }
  }
}

/** Ends a key and everything that was authorized with it. Gone already is a result, not an error. */
export async function deleteKey(
  api: Api,
  applicationKeyId: string,
  options?: CallOptions,
): Promise<{ readonly kind: 'deleted' | 'not_present' }> {
  try {
    await callB2(
      api,
      {
        operation: 'b2_delete_key',
        needs: ['deleteKeys'],
        body: () => ({ applicationKeyId }),
        answer: ApplicationKey,
      },
      options,
    )
    return { kind: 'deleted' }
  } catch (error) {
    // B2 has no code of its own for this: `bad_request` with a sentence.
    if (isEngineError(error, 'b2_refused') && /does not exist/i.test(String(error.details['message']))) {
      return { kind: 'not_present' }
    }
    throw error
  }
}
