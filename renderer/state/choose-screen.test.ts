import { describe, expect, it } from 'vitest'
import type { AccountState } from '../../shared/model/account.ts'
import type { FolderView } from '../../shared/model/folder.ts'
import { chooseSetup } from './choose-screen.ts'

const none: AccountState = { kind: 'none' }
const waiting: AccountState = { kind: 'waiting', applicationKeyId: 'x', code: 'keychain_unavailable' }
const connected = { kind: 'connected' } as AccountState
const aFolder = {} as FolderView

describe('chooseSetup', () => {
  it.each([
    ['asks all questions at the very first start', none, [], null, false, 'first-run'],
    ['goes on with them when the account is connected already', connected, [], null, false, 'first-run'],
    ['leaves an empty overview to who has put it off', connected, [], null, true, null],
    ['asks for a key alone when folders are known', none, [aFolder], null, false, 'reconnect'],
    ['shows the frame to who has put that off', none, [aFolder], null, true, null],
    [
      'asks for the key without an account and folders, whatever was asked for',
      none,
      [],
      'add-folder',
      true,
      'first-run',
    ],
    ['shows the frame while a known account waits', waiting, [], null, false, null],
    ['shows the frame when all is set up', connected, [aFolder], null, false, null],
    ['does what was asked for', connected, [aFolder], 'add-folder', true, 'add-folder'],
  ] as const)('%s', (_, account, folders, requested, firstRunOver, expected) => {
    expect(chooseSetup({ account, folders: [...folders] }, requested, firstRunOver)).toBe(expected)
  })
})
