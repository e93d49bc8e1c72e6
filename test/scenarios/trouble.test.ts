import { trouble } from './trouble.ts'
import { playEach } from './suite.ts'

playEach(trouble)
