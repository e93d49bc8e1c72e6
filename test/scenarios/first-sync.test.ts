import { firstSync } from './first-sync.ts'
import { playEach } from './suite.ts'

playEach(firstSync)
