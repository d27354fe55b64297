"""
librdkafka's share consumer through its Python package: members of share groups read topics of this program's own and tell what
came, how often, and what the broker made of their acknowledgements. What it prints is the same at every broker that has share groups.
"""
import sys
import time

from confluent_kafka import AcknowledgeType, KafkaException, Producer, ShareConsumer
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewTopic, ResourceType

DEADLINE = 60
ACCEPT, RELEASE, REJECT = AcknowledgeType.ACCEPT, AcknowledgeType.RELEASE, AcknowledgeType.REJECT

address = sys.argv[1]
admin = AdminClient({"bootstrap.servers": address})


def scene(name, records, lock_ms=30000):
    """A topic of one partition with so many records, and a group of the same name that begins with the first."""
    print("==", name)
    for future in admin.create_topics([NewTopic(name, 1, 1)]).values():
        future.result()
    settings = {"share.auto.offset.reset": "earliest", "share.record.lock.duration.ms": str(lock_ms)}
    entries = [ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET) for key, value in settings.items()]
    for future in admin.incremental_alter_configs([ConfigResource(ResourceType.GROUP, name, incremental_configs=entries)]).values():
        future.result()
    produce(name, range(records))
    return name


def produce(topic, numbers):
    producer = Producer({"bootstrap.servers": address, "linger.ms": 50})
    for number in numbers:
        producer.produce(topic, str(number))
    producer.flush()


def member(group, mode, **more):
    consumer = ShareConsumer({"bootstrap.servers": address, "group.id": group, "share.acknowledgement.mode": mode, **more})
    consumer.subscribe([group])
    return consumer


def some(consumer):
    """What the next poll that has something gives."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        messages = [message for message in consumer.poll(0.5) if message.error() is None]
        if messages:
            return messages
    raise TimeoutError("waited in vain for records")


def nothing(consumer):
    """What comes in a while, which should be nothing."""
    return [message.value().decode() for _ in range(6) for message in consumer.poll(0.25)]


def told(messages):
    return " ".join(f"{message.offset()}={message.value().decode()}x{message.delivery_count()}" for message in messages)


def outcomes(results):
    return sorted((part.topic, part.partition, None if fault is None else fault.args[0].name()) for part, fault in results.items())


def explicit():
    group = scene("shared-explicit", 6)
    with member(group, "explicit") as consumer:
        first = some(consumer)
        print(told(first))
        try:
            consumer.poll(0.1)
        except Exception as refused:
            print("not all acknowledged:", type(refused).__name__)
        for message in first:
            consumer.acknowledge(message, (ACCEPT, RELEASE, REJECT)[message.offset() % 3])
        print(outcomes(consumer.commit_sync(30.0)))
        again = some(consumer)
        print(told(again))
        for message in again:
            consumer.acknowledge_offset(message.topic(), message.partition(), message.offset(), ACCEPT)
        print(outcomes(consumer.commit_sync(30.0)), nothing(consumer))
    with member(group, "explicit") as consumer:
        print("behind it", nothing(consumer))


def implicit():
    group = scene("shared-implicit", 4)
    callbacks = []
    with member(group, "implicit") as consumer:
        consumer.set_acknowledgement_commit_callback(
            lambda offsets, fault: callbacks.append((sorted((part.partition, sorted(many)) for part, many in offsets.items()), fault)))
        print(told(some(consumer)))
        # The next poll accepts what this one gave.
        print(nothing(consumer))
        produce(group, [4])
        print(told(some(consumer)))
        print(outcomes(consumer.commit_sync(30.0)), callbacks)
        try:
            consumer.acknowledge_offset(group, 0, 4, REJECT)
        except Exception as refused:
            print("not in this mode:", type(refused).__name__)


def deliveries():
    group = scene("shared-deliveries", 1)
    with member(group, "explicit") as consumer:
        for _ in range(5):
            messages = some(consumer)
            print(told(messages))
            consumer.acknowledge(messages[0], RELEASE)
            consumer.commit_sync(30.0)
        # By default a record is given five times.
        print(nothing(consumer))


def two_members():
    group = scene("shared-two", 0)
    one, other = member(group, "implicit"), member(group, "implicit")
    seen, counts, sent, end = [], [0, 0], 0, time.monotonic() + DEADLINE
    while time.monotonic() < end and (min(counts) < 3 or len(seen) < sent):
        if min(counts) < 3:
            produce(group, range(sent, sent + 3))
            sent += 3
        for number, consumer in enumerate((one, other)):
            for message in consumer.poll(0.2):
                seen.append((int(message.value()), message.delivery_count()))
                counts[number] += 1
    one.close()
    other.close()
    print("both had some:", min(counts) >= 3, "each once:", sorted(seen) == [(number, 1) for number in range(sent)])


def closes():
    group = scene("shared-closes", 5)
    leaving = member(group, "explicit")
    held = some(leaving)
    print(told(held))
    leaving.acknowledge(held[0], ACCEPT)
    leaving.close()
    with member(group, "explicit") as consumer:
        left = some(consumer)
        print(told(left))
        for message in left:
            consumer.acknowledge(message)


def locks():
    group = scene("shared-locks", 2, lock_ms=1000)
    slow, other = member(group, "explicit"), member(group, "explicit")
    held = some(slow)
    print(told(held))
    again = some(other)
    print(told(again))
    for message in held:
        slow.acknowledge(message)
    try:
        print("too late:", outcomes(slow.commit_sync(30.0)))
    except KafkaException as refused:
        print("too late:", refused.args[0].name())
    for message in again:
        other.acknowledge(message)
    other.close()
    slow.close()


for one in (explicit, implicit, deliveries, two_members, closes, locks):
    one()
