import { names } from './names.ts'
import { playEach } from './suite.ts'

playEach(names)
