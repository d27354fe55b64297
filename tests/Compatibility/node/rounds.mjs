// What writers of transactions write. An aborted transaction has a partition of its own: of several that one producer aborted in
// one partition @platformatic/kafka's consumer hides the last alone, whoever is the broker.

const ROUNDS = 9
const IN_ROUND = 20
const PARTITIONS = 3

const twoDigits = number => `${number}`.padStart(2, '0')

export function * rounds (name) {
  for (let round = 0; round < ROUNDS; round++) {
    yield {
      round,
      values: Array.from({ length: IN_ROUND }, (_, number) => ({ value: `${name}-${twoDigits(round)}-${twoDigits(number)}`, partition: isKept(round) ? number % PARTITIONS : Math.floor(round / 3) }))
    }
  }
}

export const isKept = round => round % 3 !== 2
