import { describe, expect, it } from 'vitest'
import { assertRealmAllowed } from './realm.ts'

describe('assertRealmAllowed', () => {
  it.each(['https://api.backblazeb2.com', 'http://127.0.0.1:8180', 'http://localhost:1', 'http://[::1]:80/'])(
    'takes %s',
    (realm) => {
      expect(() => assertRealmAllowed(realm)).not.toThrow()
    },
  )

  it.each([
    'http://api.backblazeb2.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'ftp://127.0.0.1',
    'https://user:secret@api.backblazeb2.com',
    'https://user@api.backblazeb2.com',
    'https://:secret@api.backblazeb2.com',
    'api.backblazeb2.com',
    '',
  ])('refuses %s without repeating it', (realm) => {
    expect(() => assertRealmAllowed(realm)).toThrow(expect.objectContaining({ code: 'realm_not_allowed' }))
  })
})
