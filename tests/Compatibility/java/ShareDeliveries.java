import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Scenes of what members are given: how much at once, how often, and what of transactions. */
final class ShareDeliveries {
    private static final AcknowledgeType ACCEPT = AcknowledgeType.ACCEPT;
    private static final AcknowledgeType RELEASE = AcknowledgeType.RELEASE;

    private ShareDeliveries() {
    }

    static void recordLimit(ShareBench bench) throws Exception {
        String group = bench.scene("record-limit", 1);
        bench.write(group, 0, 9);
        try (var member = bench.member(group, "share.acquire.mode=record_limit", "max.poll.records=4")) {
            for (int turn = 0; turn < 3; turn++) {
                var records = bench.some(member);
                bench.say(records);
                for (var record : records) member.acknowledge(record, ACCEPT);
                bench.say(ShareBench.outcomes(member.commitSync()));
            }
            bench.say(bench.nothing(member));
        }
        bench.done(group);
    }

    static void wholeBatches(ShareBench bench) throws Exception {
        String group = bench.scene("batch-optimized", 1);
        for (int batch = 0; batch < 4; batch++) bench.write(group, batch * 3, batch * 3 + 2);
        try (var member = bench.member(group, "share.acquire.mode=batch_optimized", "max.poll.records=4")) {
            for (int turn = 0; turn < 2; turn++) {
                var records = bench.some(member);
                bench.say(records);
                for (var record : records) member.acknowledge(record, ACCEPT);
                bench.say(ShareBench.outcomes(member.commitSync()));
            }
            bench.say(bench.nothing(member));
        }
        bench.done(group);
    }

    static void lockLimit(ShareBench bench, String mode) throws Exception {
        String group = bench.scene("locks-" + mode.replace('_', '-'), 1, "share.partition.max.record.locks=100");
        bench.write(group, 0, 149);
        try (var one = bench.member(group, "share.acquire.mode=" + mode)) {
            for (int had = 0; had < 150;) {
                var held = bench.some(one);
                had += held.size();
                bench.say("held: " + held.size());
                for (var record : held) one.acknowledge(record, ACCEPT);
                bench.say(ShareBench.outcomes(one.commitSync()));
            }
        }
        bench.done(group);
    }

    static void expired(ShareBench bench) throws Exception {
        String group = bench.scene("expired", 1, "share.record.lock.duration.ms=1000");
        bench.write(group, 0, 5);
        Queue<String> told = new ConcurrentLinkedQueue<>();
        try (var slow = bench.member(group)) {
            slow.setAcknowledgementCommitCallback((offsets, failure) -> told.add(ShareBench.callback(offsets, failure)));
            var held = bench.some(slow);
            bench.say(held);
            bench.say("locked for " + slow.acquisitionLockTimeoutMs().orElse(-1));
            // The next one's locks are not to end.
            bench.group(group, "share.record.lock.duration.ms=60000");
            try (var other = bench.member(group)) {
                bench.say(bench.take(other, 6, record -> ACCEPT));
                bench.say("locked for " + other.acquisitionLockTimeoutMs().orElse(-1));
                for (var record : held.subList(2, 4)) slow.acknowledge(record, ACCEPT);
                bench.say("too late: " + ShareBench.outcomes(slow.commitSync()));
                slow.acknowledge(held.get(4), AcknowledgeType.RENEW);
                bench.say("too late to renew: " + ShareBench.outcomes(slow.commitSync()));
                bench.say(ShareBench.outcomes(other.commitSync()));
                bench.done(group);
                for (var record : held.subList(0, 2)) slow.acknowledge(record, ACCEPT);
                slow.acknowledge(held.get(5), RELEASE);
                bench.say("behind the start: " + ShareBench.outcomes(slow.commitSync()));
            }
        }
        bench.say(told.toString());
    }

    static void deliveries(ShareBench bench) throws Exception {
        String group = bench.scene("deliveries", 1, "share.delivery.count.limit=3");
        bench.write(group, 0, 0);
        try (var member = bench.member(group)) {
            for (int turn = 0; turn < 3; turn++) {
                bench.say(bench.take(member, 1, record -> RELEASE));
                bench.say(ShareBench.outcomes(member.commitSync()));
            }
            bench.write(group, 1, 1);
            bench.say(bench.take(member, 1, record -> ACCEPT));
            member.commitSync();
        }
        bench.done(group);
    }

    static void committed(ShareBench bench) throws Exception {
        String group = bench.scene("committed", 1, "share.isolation.level=read_committed");
        String all = group + "-all";
        bench.group(all, "share.isolation.level=read_uncommitted");
        try (var producer = bench.producer(Map.of("transactional.id", group, "linger.ms", 1000))) {
            producer.initTransactions();
            for (int round = 0; round < 4; round++) {
                producer.beginTransaction();
                bench.send(producer, group, round * 2, round * 2 + 1);
                if (round % 2 == 0) producer.commitTransaction();
                else producer.abortTransaction();
            }
        }
        bench.write(group, 8, 8);
        try (var member = bench.member(group); var everything = bench.member(all)) {
            bench.say(bench.take(member, 5, record -> record.offset() == 0 && record.deliveryCount().get() == 1 ? RELEASE : ACCEPT));
            bench.say(bench.take(member, 1, record -> ACCEPT));
            member.commitSync();
            everything.subscribe(List.of(group));
            bench.say(bench.take(everything, 9, record -> ACCEPT));
        }
        bench.done(group);
    }

    static void openTransaction(ShareBench bench) throws Exception {
        String group = bench.scene("open", 1, "share.isolation.level=read_committed");
        try (KafkaProducer<String, String> producer = bench.producer(Map.of("transactional.id", group, "linger.ms", 1000)); var member = bench.member(group)) {
            bench.write(group, 0, 0);
            producer.initTransactions();
            producer.beginTransaction();
            bench.send(producer, group, 1, 2);
            bench.write(group, 3, 3);
            bench.say(bench.take(member, 1, record -> ACCEPT));
            bench.say(bench.nothing(member));
            producer.commitTransaction();
            bench.say(bench.take(member, 3, record -> ACCEPT));
            member.commitSync();
        }
        bench.done(group);
    }
}
