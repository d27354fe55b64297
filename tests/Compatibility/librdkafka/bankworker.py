"""A worker of the bank in java/BankTransfers.java, with librdkafka.

    ADDRESS PROTOCOL SEED

It reads transfers as a member of the bank's group, writes both entries of each and how far it has read in one transaction,
and aborts some. What became of each transaction it tells in lines: 'committed NUMBER TRANSFER...', 'aborted NUMBER', and
'wrong: ...' of what must not happen. It ends when it is told to, or its input ends.
"""
import os
import random
import sys
import threading

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition

PARTITIONS = 4
PATIENCE = 5
ABORTED_OF_100 = 10
# Far behind those of the others.
FIRST_ATTEMPT = 1_000_000_000

# A rebalance may take partitions away, and a broker that is gone may make things late.
EXPECTED = {
    KafkaError.ILLEGAL_GENERATION, KafkaError.UNKNOWN_MEMBER_ID, KafkaError.REBALANCE_IN_PROGRESS, KafkaError.STALE_MEMBER_EPOCH,
    KafkaError.FENCED_MEMBER_EPOCH, KafkaError._TIMED_OUT, KafkaError._TRANSPORT, KafkaError._STATE, KafkaError._WAIT_COORD,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS, KafkaError.COORDINATOR_NOT_AVAILABLE, KafkaError.NOT_COORDINATOR,
}

address, protocol, seed = sys.argv[1:]
chance = random.Random(int(seed))
stopped = threading.Event()


def say(*words):
    print(*words, flush=True)


def judge(failed):
    error = failed.args[0]
    if error.code() not in EXPECTED:
        say(f"wrong: librdkafka's worker: {error}")


def settings(**more):
    # Where no broker is reached the client gives up those it knows and begins anew. The offsets of a transaction then wait for
    # the group's coordinator that was given up, past every timeout, until some other connection is lost or made.
    return {"bootstrap.servers": address, "metadata.recovery.strategy": "none", "reconnect.backoff.max.ms": 500, **more}


def new_member():
    member = settings(**{
        "client.id": "librdkafka", "group.id": "bank", "group.protocol": protocol, "isolation.level": "read_committed",
        "enable.auto.commit": False, "auto.offset.reset": "earliest",
    })
    if protocol == "classic":
        member.update({"session.timeout.ms": 10000, "heartbeat.interval.ms": 500})
    return Consumer(member)


def new_producer():
    """What the last of its name left open is decided then."""
    producer = Producer(settings(**{"transactional.id": "librdkafka", "linger.ms": 1}))
    while True:
        try:
            producer.init_transactions(PATIENCE)
            return producer
        except KafkaException as failed:
            if not failed.args[0].retriable():
                raise


def rewind(consumer):
    """Back to what the group has committed."""
    held = consumer.assignment()
    for part in consumer.committed(held, PATIENCE) if held else []:
        if part.offset < 0:
            part.offset = OFFSET_BEGINNING
        consumer.seek(part)


def write(producer, messages, attempt):
    for message in messages:
        amount, debited, credited = message.value().decode().split(",")
        for account, signed in ((debited, -int(amount)), (credited, int(amount))):
            value = f"{message.key().decode()},{signed},{attempt},{2 * len(messages)}"
            producer.produce("entries", value, account, int(account) % PARTITIONS)


def transact(producer, consumer, messages, attempt):
    """Whether producer and member go on."""
    is_decided = False
    try:
        membership = consumer.consumer_group_metadata()
        producer.begin_transaction()
        write(producer, messages, attempt)
        ends = {message.partition(): message.offset() + 1 for message in messages}
        offsets = [TopicPartition("transfers", partition, offset) for partition, offset in ends.items()]
        producer.send_offsets_to_transaction(offsets, membership, PATIENCE)
        if chance.randrange(100) < ABORTED_OF_100:
            producer.flush(PATIENCE)
            producer.abort_transaction(PATIENCE)
            say("aborted", attempt)
            rewind(consumer)
            return True
        is_decided = True
        producer.commit_transaction(PATIENCE)
        say("committed", attempt, *(message.key().decode() for message in messages))
        return True
    except KafkaException as failed:
        judge(failed)
        if not is_decided:
            say("aborted", attempt)
        return failed.args[0].txn_requires_abort() and abort(producer, consumer)


def abort(producer, consumer):
    try:
        producer.abort_transaction(PATIENCE)
        rewind(consumer)
        return True
    except KafkaException as failed:
        judge(failed)
        return False


def live(attempts):
    """As one member of the group with one producer."""
    # The producer is first: nobody asks how far the group is before that is decided.
    producer = new_producer()
    consumer = new_member()
    consumer.subscribe(["transfers"])
    try:
        while not stopped.is_set():
            messages = [message for message in consumer.consume(10, 0.2) if message.error() is None]
            if messages and not transact(producer, consumer, messages, next(attempts)):
                return
    finally:
        consumer.close()


def watch():
    while sys.stdin.readline():
        stopped.set()
    os._exit(2)


threading.Thread(target=watch, daemon=True).start()
numbers = iter(range(FIRST_ATTEMPT, 2 * FIRST_ATTEMPT))
while not stopped.is_set():
    live(numbers)
# So that nothing is left open.
new_producer()
say("ended")
