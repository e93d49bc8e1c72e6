import { deletions } from './deletions.ts'
import { playEach } from './suite.ts'

playEach(deletions)
