/** What network this machine is in, as far as it can tell without asking anybody. */
import { networkInterfaces } from 'node:os'

/**
 * The machine's addresses as one text: another text, another network. Addresses that lead nowhere (of the machine itself, and
 * those every interface gives itself) are left out, as they come and go with containers and virtual machines.
 */
export function networkAddresses(): string {
  try {
    const addresses = Object.values(networkInterfaces()).flatMap((all = []) =>
      all.filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address)),
    )
    return addresses
      .map(({ address }) => address)
      .toSorted()
      .join(' ')
  } catch {
    // Some sandboxes forbid it. Then the network is taken to stay as it is.
    return ''
  }
}
