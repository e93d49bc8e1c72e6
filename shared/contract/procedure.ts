/** How a contract is written down: a record of procedures with a schema for what goes in and what comes out. */
import type { z } from 'zod'

export type Procedure<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  readonly input: I
  readonly output: O
}
export type Contract = Readonly<Record<string, Procedure>>

/** Declares one procedure: one input value, one output value. */
export function procedure<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Procedure<I, O> {
  return { input, output }
}

/** What a caller sees: one async function a procedure. */
export type ClientOf<C extends Contract> = {
  readonly [K in keyof C]: (input: z.input<C[K]['input']>) => Promise<z.output<C[K]['output']>>
}

/** What an implementation provides; its input is already checked. */
export type HandlersOf<C extends Contract> = {
  readonly [K in keyof C]: (
    input: z.output<C[K]['input']>,
  ) => Promise<z.input<C[K]['output']>> | z.input<C[K]['output']>
}
