// OPEN ASKING FOLDER: the addresses of two listeners, of which the second asks for certificates, and where these are

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const [open, asking, folder] = process.argv.slice(2)
const file = name => readFileSync(join(folder, name), 'utf8')

/** Tells of each case whether a record was written; `write` throws where it was not, and `isDenial` says what of. */
export async function tellAll (write, isDenial) {
  for (const [name, address, certificate] of [['open', open], ['good', asking, 'good'], ['denied', asking, 'denied'], ['stranger', asking, 'stranger'], ['none', asking]]) {
    const tls = { ca: [file('ca.pem')] }
    if (certificate) Object.assign(tls, { cert: file(certificate + '.pem'), key: file(certificate + '.key') })
    try {
      await write(address, tls, name)
      console.log(name, 'written')
    } catch (error) {
      console.error(name, error)
      console.log(name, isDenial(error) ? 'denied' : 'refused')
    }
  }
  process.exit(0)
}
