import { oddFiles } from './odd-files.ts'
import { playEach } from './suite.ts'

playEach(oddFiles)
