import { roots } from './roots.ts'
import { playEach } from './suite.ts'

playEach(roots)
