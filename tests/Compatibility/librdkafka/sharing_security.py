"""Tries to read a record of a topic as a member of a share group, a line of standard input each; says a line each of what came of it.

    sharing_security.py AUTHORITY.PEM
    NUMBER \t ADDRESS \t PROTOCOL \t MECHANISM \t USER \t SECRET \t GROUP \t TOPIC     ->    NUMBER \t read|denied group|denied topic|refused|failed \t WHY
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

from confluent_kafka import KafkaError, KafkaException, ShareConsumer

PATIENCE = 30.0
OUTCOMES = {
    KafkaError._AUTHENTICATION: "refused", KafkaError.SASL_AUTHENTICATION_FAILED: "refused", KafkaError.GROUP_AUTHORIZATION_FAILED: "denied group",
    KafkaError.TOPIC_AUTHORIZATION_FAILED: "denied topic"}


def attempt(authority, address, protocol, mechanism, user, secret, group, topic):
    failures = []

    def failed(error):
        if error is not None and error.code() in OUTCOMES:
            failures.append((OUTCOMES[error.code()], error.str()))

    settings = {
        "bootstrap.servers": address, "security.protocol": protocol, "sasl.mechanisms": mechanism, "sasl.username": user, "sasl.password": secret,
        "group.id": group, "error_cb": failed, "reconnect.backoff.max.ms": 500, "log_level": 0}
    if protocol == "SASL_SSL":
        settings["ssl.ca.location"] = authority
    consumer = ShareConsumer(settings)
    try:
        consumer.subscribe([topic])
        until = time.monotonic() + PATIENCE
        while not failures and time.monotonic() < until:
            for message in consumer.poll(0.2):
                if message.error() is None:
                    outcomes = consumer.commit_sync(PATIENCE)
                    return "failed" if any(outcomes.values()) else "read", message.value().decode()
                failed(message.error())
    except KafkaException as refused:
        failed(refused.args[0])
        if not failures:
            return "failed", str(refused)
    finally:
        consumer.close()
    return failures[0] if failures else ("failed", "nothing came of it in %d s" % PATIENCE)


cells = [line.rstrip("\n").split("\t") for line in sys.stdin]
# Each waits most of its time, so all are tried at once.
with ThreadPoolExecutor(len(cells)) as attempts:
    outcomes = list(attempts.map(lambda cell: attempt(sys.argv[1], *cell[1:]), cells))
for cell, outcome in zip(cells, outcomes):
    print(cell[0], *outcome, sep="\t")
