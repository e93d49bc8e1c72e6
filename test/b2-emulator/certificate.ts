/** A certificate for an emulator that speaks https, made on the spot: no key lies in the repository, and none runs out. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const DAY_MS = 24 * 60 * 60 * 1000

/** DER tags and object identifiers (X.690, RFC 5280, RFC 5758). */
const [BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OID, UTF8_STRING] = [0x01, 0x02, 0x03, 0x04, 0x06, 0x0c]
const [UTC_TIME, SEQUENCE, SET] = [0x17, 0x30, 0x31]
const [ECDSA_WITH_SHA256, COMMON_NAME] = ['2a8648ce3d040302', '550403']
const [BASIC_CONSTRAINTS, SUBJECT_ALTERNATIVE_NAME] = ['551d13', '551d11']

/**
 * A key and a self-signed certificate for 127.0.0.1 and localhost, both as PEM, good from yesterday on for a year. The
 * certificate is its own authority: clients that are given it as an extra one trust the emulator.
 */
export function makeCertificate(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = der(SEQUENCE, oid(ECDSA_WITH_SHA256))
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, oid(COMMON_NAME), der(UTF8_STRING, Buffer.from('b2-emulator')))))
  const names = der(SEQUENCE, der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])))
  const extensions = der(
    SEQUENCE,
    der(SEQUENCE, oid(BASIC_CONSTRAINTS), der(OCTET_STRING, der(SEQUENCE, der(BOOLEAN, Buffer.from([0xff]))))),
    der(SEQUENCE, oid(SUBJECT_ALTERNATIVE_NAME), der(OCTET_STRING, names)),
  )
  const toBeSigned = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    // A serial number is positive: its first byte stays below 0x80.
    der(INTEGER, Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
    algorithm,
    name,
    der(SEQUENCE, time(Date.now() - DAY_MS), time(Date.now() + 365 * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  )
  const signature = der(BIT_STRING, Buffer.from([0]), sign('sha256', toBeSigned, privateKey))
  const lines = der(SEQUENCE, toBeSigned, algorithm, signature).toString('base64').replace(/.{64}/g, '$&\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const long = length > 0xff ? [0x82, length >> 8, length & 0xff] : [0x81, length]
  return Buffer.concat([Buffer.from([tag, ...(length < 0x80 ? [length] : long)]), content])
}

function oid(hex: string): Buffer {
  return der(OID, Buffer.from(hex, 'hex'))
}

function time(ms: number): Buffer {
  return der(UTC_TIME, Buffer.from(`${new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14)}Z`))
}
