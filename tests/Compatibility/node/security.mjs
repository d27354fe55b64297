import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

export const load = createRequire(import.meta.url)

export async function cells () {
  const all = []
  for await (const line of createInterface({ input: process.stdin })) {
    const [number, mechanism, user, secret, topic] = line.split('\t')
    all.push({ number, mechanism, user, secret, topic })
  }
  return all
}

export const say = (cell, outcome, failure) => process.stdout.write(`${cell.number}\t${outcome}\t${failure?.message?.replaceAll(/\s+/g, ' ') ?? ''}\n`)
