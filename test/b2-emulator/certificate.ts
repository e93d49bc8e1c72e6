/** A certificate for an emulator that speaks https, made on the spot: no key lies in the repository, and none runs out. */
import { generate } from 'selfsigned'

/**
 * A key and a self-signed certificate for 127.0.0.1 and localhost, both as PEM, good for a year. The certificate is its
 * own authority: clients that are given it as an extra one trust the emulator.
 */
export async function makeCertificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'b2-emulator' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { key, cert }
}
