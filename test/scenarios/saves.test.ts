import { saves } from './saves.ts'
import { playEach } from './suite.ts'

playEach(saves)
