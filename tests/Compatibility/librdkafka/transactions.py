"""
librdkafka's transactions.

write ADDRESS TOPIC NAME                     values 'NAME-ROUND-NUMBER' to three partitions, a round a transaction; every third is
                                             aborted, in a partition of its own
copy ADDRESS FROM TO GROUP COUNT [PROTOCOL]  so many values from topic to topic, with the offsets in the transactions; every third
                                             is aborted, and a new member goes on from what is committed
"""
import sys
import time

from confluent_kafka import Consumer, Producer

ROUNDS, IN_ROUND, PARTITIONS = 9, 20, 3
IN_COPY = 40
DEADLINE = 60


def check(error, message):
    if error is not None:
        raise RuntimeError(f"{message.topic()}: {error}")


def transactional(address, name):
    producer = Producer({"bootstrap.servers": address, "transactional.id": name})
    producer.init_transactions(DEADLINE)
    return producer


def write(address, topic, name):
    producer = transactional(address, name)
    for turn in range(ROUNDS):
        is_kept = turn % 3 != 2
        producer.begin_transaction()
        for number in range(IN_ROUND):
            partition = number % PARTITIONS if is_kept else turn // 3
            producer.produce(topic, f"{name}-{turn:02}-{number:02}".encode(), partition=partition, on_delivery=check)
        end_transaction(producer, is_kept)


def end_transaction(producer, is_kept):
    if is_kept:
        producer.commit_transaction(DEADLINE)
    else:
        # What is still here would be thrown away by an abort.
        producer.flush(DEADLINE)
        producer.abort_transaction(DEADLINE)


def copy(address, source, target, group, count, protocol="classic"):
    producer = transactional(address, f"{group}-{target}")
    done, end = 0, time.monotonic() + DEADLINE
    while done < count:
        done += copy_until_abort(producer, address, source, target, group, count - done, protocol, end)


def copy_until_abort(producer, address, source, target, group, left, protocol, end):
    settings = {"bootstrap.servers": address, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False}
    if protocol != "classic":
        settings["group.protocol"] = protocol
    consumer = Consumer(settings)
    consumer.subscribe([source])
    committed = 0
    for turn in range(3):
        values = []
        while len(values) < min(IN_COPY, left - committed):
            if time.monotonic() > end:
                raise RuntimeError(f"{left - committed} values did not come")
            message = consumer.poll(0.2)
            if message is not None and message.error() is None:
                values.append(message.value())
        if not values:
            break
        producer.begin_transaction()
        for value in values:
            producer.produce(target, value, on_delivery=check)
        producer.send_offsets_to_transaction(consumer.position(consumer.assignment()), consumer.consumer_group_metadata(), DEADLINE)
        end_transaction(producer, turn != 2)
        committed += len(values) if turn != 2 else 0
    consumer.close()
    return committed


verb = sys.argv[1]
if verb == "write":
    write(*sys.argv[2:])
else:
    source, target, group, count, *protocol = sys.argv[3:]
    copy(sys.argv[2], source, target, group, int(count), *protocol)
