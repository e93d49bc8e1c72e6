/**
 * Keeps zod from compiling schemas with `new Function`, which the window's content security policy forbids. Schemas
 * read this when they are made, so this module is imported before any of them.
 */
import { z } from 'zod'

z.config({ jitless: true })
