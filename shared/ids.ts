/**
 * Branded ids and paths: strings and numbers that must not be passed for one another.
 *
 * The schemas check shape at the edges; inside the program the types alone keep them apart.
 */
import { z } from 'zod'

/** Row id of a sync folder, stable for the life of the data folder. */
export const FolderId = z.number().int().positive().brand<'FolderId'>()
export type FolderId = z.infer<typeof FolderId>

/** Row id of a job: one durable action for one path. */
export const JobId = z.number().int().positive().brand<'JobId'>()
export type JobId = z.infer<typeof JobId>

/** Row id of something that was dropped on the window. */
export const DropId = z.number().int().positive().brand<'DropId'>()
export type DropId = z.infer<typeof DropId>

/** An absolute path in the form of this platform. */
export const AbsolutePath = z.string().min(1).brand<'AbsolutePath'>()
export type AbsolutePath = z.infer<typeof AbsolutePath>

/** A path below a root with `/` between its segments, never empty, never starting with `/`. */
export const RelativePath = z.string().min(1).brand<'RelativePath'>()
export type RelativePath = z.infer<typeof RelativePath>

/** A full B2 file name, prefix included. */
export const RemoteName = z.string().min(1).brand<'RemoteName'>()
export type RemoteName = z.infer<typeof RemoteName>

/** 40 lower-case hex digits. */
export const Sha1Hex = z
  .string()
  .regex(/^[0-9a-f]{40}$/)
  .brand<'Sha1Hex'>()
export type Sha1Hex = z.infer<typeof Sha1Hex>

/** Milliseconds since the Unix epoch, UTC. */
export const UnixMs = z.number().brand<'UnixMs'>()
export type UnixMs = z.infer<typeof UnixMs>
