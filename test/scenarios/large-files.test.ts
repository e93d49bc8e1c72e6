import { largeFiles } from './large-files.ts'
import { playEach } from './suite.ts'

playEach(largeFiles)
