"""librdkafka as members of a group: 'consume' reads so many values, commits and leaves; 'share' tells who has what."""
import sys
import time

from confluent_kafka import Consumer

DEADLINE = 60


def member(address, group):
    return Consumer({
        "bootstrap.servers": address, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False,
        "session.timeout.ms": 10000, "heartbeat.interval.ms": 500, "topic.metadata.refresh.interval.ms": 1000,
    })


def consume(address, topic, group, count):
    consumer = member(address, group)
    consumer.subscribe([topic])
    values, end = [], time.monotonic() + DEADLINE
    while len(values) < count and time.monotonic() < end:
        message = consumer.poll(0.2)
        if message is not None and message.error() is None:
            values.append(message.value().decode())
    consumer.commit(asynchronous=False)
    consumer.close()
    print("\n".join(sorted(values)))


def share(address, topic, group, count):
    members = [member(address, group) for _ in range(count)]
    for one in members:
        one.subscribe([topic])
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        for one in members:
            one.poll(0.05)
        held = [{part.partition for part in one.assignment()} for one in members]
        if all(held) and sum(map(len, held)) == len(set().union(*held)):
            break
    print("\n".join(sorted(str(number) for one in held for number in one)))
    for one in members:
        one.close()


verb, address, topic, group, count = sys.argv[1:]
{"consume": consume, "share": share}[verb](address, topic, group, int(count))
