/** What happens to the machine, the network, and Pail itself. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { assertNever } from '../../shared/assert-never.ts'
import type { Call } from '../b2-emulator/calls.ts'
import { callsOf } from '../support/engine-calls.ts'
import { copyIfThere } from '../support/scenario-disk.ts'
import { addFolders, type Game } from './game.ts'
import type { MachineStep } from './scenario.ts'

/** Carries it out; the engine runs afterwards where it has to for what follows. */
export async function changeMachine(game: Game, step: MachineStep): Promise<void> {
  const { stage } = game
  switch (step.do) {
    case 'restart':
      await stage.stop()
      stage.start()
      return
    case 'delete-database':
      await stage.stop()
      removeDatabase(stage.dataFolder)
      stage.start()
      await stage.connect()
      return addFolders(game, stage.witness.folders[0]?.prefix)
    case 'keep-database':
      await stage.stop()
      mkdirSync(keptFolder(stage.home))
      for (const name of databaseFiles(stage.dataFolder)) {
        copyIfThere(join(stage.dataFolder, name), join(keptFolder(stage.home), name))
      }
      stage.start()
      return
    case 'restore-database':
      await stage.stop()
      removeDatabase(stage.dataFolder)
      for (const name of readdirSync(keptFolder(stage.home))) {
        copyIfThere(join(keptFolder(stage.home), name), join(stage.dataFolder, name))
      }
      stage.start()
      return
    case 'jump-clock':
      stage.clock.jump(step.hours * 3_600_000)
      return
    case 'go-offline':
      return stage.emulator.setReachable(false)
    case 'go-online':
      return stage.emulator.setReachable(true)
    case 'fail-next':
      stage.emulator.failNext(step.operation, step.fault)
      return
    case 'expire-tokens':
      stage.emulator.expireTokens()
      return
    case 'until-noticed':
      await look(game)
      return stage.until(
        () => stage.engine.snapshot().status.kind !== 'up-to-date',
        () => stage.engine.snapshot().status,
      )
    case 'until-called': {
      await look(game)
      const done = () => callsOf(stage.witness).slice(game.callsFrom).filter(isDone)
      const isDone = ({ operation, status }: Call) => operation === step.operation && status === 200
      return stage.until(() => done().length >= step.times, done)
    }
    case 'let-pass': {
      stage.start()
      const end = stage.clock.uptime() + step.seconds * 1000
      return stage.until(
        () => stage.clock.uptime() > end,
        () => 'time stands still',
      )
    }
    default:
      return assertNever(step)
  }
}

/** The engine runs and looks for what has changed, by itself or because it is told to. */
async function look({ stage, mode }: Game): Promise<void> {
  stage.start()
  if (mode !== 'watching') await stage.engine.api.checkNow({})
}

function keptFolder(home: string): string {
  return join(home, 'kept-database')
}

/** The database with its log, without the backups that Pail makes of it. */
function databaseFiles(dataFolder: string): readonly string[] {
  return readdirSync(dataFolder).filter((name) => /^pail\.db(-wal|-shm)?$/.test(name))
}

function removeDatabase(dataFolder: string): void {
  for (const name of databaseFiles(dataFolder)) rmSync(join(dataFolder, name))
}
