import { emptied } from './emptied.ts'
import { playEach } from './suite.ts'

playEach(emptied)
