/** The invariant about what is made for links notices its breach, and the others leave that alone. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startEmulator } from '../b2-emulator/emulator.ts'
import { connect } from '../b2-emulator/test-client.ts'
import { Witness } from './history.ts'
import { nothingElseIsTouched, objectsAreWholeFiles, removalsHaveEvidence } from './invariants.ts'
import { onlyWhatWasMadeForLinksGoes } from './link-invariants.ts'
import { tempFolder } from './temp-folder.ts'

const BUCKET = 'invariants'

/** A careless client, an empty folder, and a witness of both. */
async function begin() {
  const root = join(tempFolder(), 'root')
  mkdirSync(root)
  const emulator = await startEmulator({ buckets: [{ bucketName: BUCKET }] })
  onTestFinished(() => emulator.stop())
  const client = await connect(emulator)
  const witness = new Witness({ emulator, bucketName: BUCKET, deleteDelayMs: 0 })
  witness.watch([{ root, prefix: 'docs/' }])
  witness.noteStart()
  return { emulator, client, bucketId: emulator.buckets[0]?.bucketId ?? '', witness }
}

describe('I19', () => {
  const NAME = `.pail-shares/${'x'.repeat(22)}/a`

  it('is content when what was made for a link goes, which is no file of the folder', async () => {
    const { emulator, client, witness } = await begin()
    await client.upload(BUCKET, NAME, 'a copy')
    const made = emulator.fileVersions(BUCKET).find(({ fileName }) => fileName === NAME)
    await client.call('delete_file_version', { fileName: NAME, fileId: made?.fileId })
    for (const check of [onlyWhatWasMadeForLinksGoes, nothingElseIsTouched, removalsHaveEvidence, objectsAreWholeFiles])
      expect(check(witness)).toEqual([])
  })

  it('notices that more goes than was made, and that a name is hidden that is not ours', async () => {
    const { emulator, client, bucketId, witness } = await begin()
    await client.upload(BUCKET, NAME, 'theirs')
    witness.emulator.clearCalls()
    await client.call('hide_file', { bucketId, fileName: NAME })
    const made = emulator.fileVersions(BUCKET).find(({ fileName, action }) => fileName === NAME && action === 'upload')
    await client.call('delete_file_version', { fileName: NAME, fileId: made?.fileId })
    expect(onlyWhatWasMadeForLinksGoes(witness)).toHaveLength(2)
  })

  it('leaves no other name to links', async () => {
    const { client, witness } = await begin()
    await client.upload(BUCKET, '.pail-shares/short/a', 'x')
    expect(nothingElseIsTouched(witness)).not.toEqual([])
  })
})
