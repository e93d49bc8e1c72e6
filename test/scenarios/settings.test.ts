import { settings } from './settings.ts'
import { playEach } from './suite.ts'

playEach(settings)
