"""Produces with librdkafka until its input ends, and so pushes its own metrics where the broker asks for them: ADDRESS TOPIC."""

import sys
import threading

from confluent_kafka import Producer

address, topic = sys.argv[1:]
producer = Producer({"bootstrap.servers": address, "client.id": "pushing-librdkafka", "enable.metrics.push": True})
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
while not over.is_set():
    producer.produce(topic, b"value")
    producer.poll(0.05)
