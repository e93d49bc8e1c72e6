import { moves } from './moves.ts'
import { playEach } from './suite.ts'

playEach(moves)
