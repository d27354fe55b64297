import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordDeserializationException;

/** Scenes of what members say became of their records, and when they say it. */
final class ShareAnswers {
    private static final AcknowledgeType ACCEPT = AcknowledgeType.ACCEPT;
    private static final AcknowledgeType RELEASE = AcknowledgeType.RELEASE;

    private ShareAnswers() {
    }

    static void explicit(ShareBench bench) throws Exception {
        String group = bench.scene("explicit", 1);
        bench.write(group, 0, 5);
        try (var member = bench.member(group)) {
            var first = bench.some(member);
            bench.say(first);
            bench.say("not all acknowledged: " + ShareBench.thrown(() -> member.poll(Duration.ofMillis(100))));
            for (var record : first) member.acknowledge(record, AcknowledgeType.forId((byte) (record.offset() % 3 + 1)));
            bench.say(ShareBench.outcomes(member.commitSync()));
            bench.say("nothing to say: " + ShareBench.outcomes(member.commitSync()));
            var again = bench.some(member);
            bench.say(again);
            for (var record : again) member.acknowledge(record);
            bench.say(ShareBench.outcomes(member.commitSync()));
            bench.say(bench.nothing(member));
            bench.members(group, 1);
        }
        bench.members(group, 0);
        bench.done(group);
    }

    static void implicit(ShareBench bench) throws Exception {
        String group = bench.scene("implicit", 1);
        bench.write(group, 0, 3);
        Queue<String> told = new ConcurrentLinkedQueue<>();
        try (var member = bench.member(group, "share.acknowledgement.mode=implicit")) {
            member.setAcknowledgementCommitCallback((offsets, failure) -> told.add(ShareBench.callback(offsets, failure)));
            bench.say(bench.some(member));
            heard(member, told, 1);
            bench.write(group, 4, 5);
            bench.say(bench.some(member));
            bench.say(ShareBench.outcomes(member.commitSync()));
            bench.write(group, 6, 6);
            bench.say(bench.some(member));
            member.commitAsync();
            heard(member, told, 3);
            bench.write(group, 7, 7);
            var last = bench.some(member);
            bench.say("not in this mode: " + ShareBench.thrown(() -> member.acknowledge(last.get(0), RELEASE)));
        }
        bench.say(told.toString());
        try (var next = bench.member(group)) {
            bench.say(bench.take(next, 1, record -> ACCEPT));
        }
        bench.done(group);
    }

    static void renewed(ShareBench bench) throws Exception {
        String group = bench.scene("renewed", 1);
        bench.write(group, 0, 2);
        Queue<String> told = new ConcurrentLinkedQueue<>();
        try (var member = bench.member(group)) {
            member.setAcknowledgementCommitCallback((offsets, failure) -> told.add(ShareBench.callback(offsets, failure)));
            var first = bench.some(member);
            bench.say(first);
            for (var record : first) member.acknowledge(record, record.offset() == 1 ? AcknowledgeType.RENEW : ACCEPT);
            bench.say(ShareBench.outcomes(member.commitSync()));
            var kept = bench.some(member);
            bench.say(kept);
            member.acknowledge(kept.get(0), AcknowledgeType.RENEW);
            member.commitAsync();
            kept = bench.some(member);
            bench.say(kept);
            member.acknowledge(kept.get(0), RELEASE);
            bench.say(ShareBench.outcomes(member.commitSync()));
            kept = bench.some(member);
            bench.say(kept);
            member.acknowledge(kept.get(0), ACCEPT);
            bench.say(ShareBench.outcomes(member.commitSync()));
            bench.done(group);
            bench.say(bench.nothing(member));
        }
        bench.say(told.toString());
    }

    static void closed(ShareBench bench) throws Exception {
        String group = bench.scene("closed", 1);
        bench.write(group, 0, 3);
        Queue<String> told = new ConcurrentLinkedQueue<>();
        var leaving = bench.member(group);
        leaving.setAcknowledgementCommitCallback((offsets, failure) -> told.add(ShareBench.callback(offsets, failure)));
        var held = bench.some(leaving);
        bench.say(held);
        leaving.acknowledge(held.get(0), ACCEPT);
        leaving.acknowledge(held.get(1), AcknowledgeType.REJECT);
        leaving.close();
        bench.say(told.toString());
        bench.say("after it: " + ShareBench.thrown(() -> leaving.acknowledge(held.get(2), ACCEPT)));
        try (var member = bench.member(group)) {
            bench.say(bench.take(member, 2, record -> ACCEPT));
        }
        bench.done(group);
    }

    static void wakened(ShareBench bench) throws Exception {
        String group = bench.scene("wakened", 1);
        try (var member = bench.member(group)) {
            member.wakeup();
            bench.say("before: " + ShareBench.thrown(() -> member.poll(Duration.ofSeconds(30))));
            bench.say(bench.nothing(member));
            bench.members(group, 1);
            Thread waker = new Thread(member::wakeup);
            bench.say("meanwhile: " + ShareBench.thrown(() -> {
                waker.start();
                member.poll(Duration.ofSeconds(30));
            }));
            waker.join();
            bench.write(group, 0, 1);
            bench.say(bench.take(member, 2, record -> ACCEPT));
            member.wakeup();
            bench.say("in what commits: " + ShareBench.thrown(member::commitSync));
            member.commitSync();
        }
        bench.done(group);
    }

    static void unreadable(ShareBench bench) throws Exception {
        String group = bench.scene("unreadable", 1);
        bench.write(group, 0, 5);
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (var member = bench.member(group, new ShareBench.Picky())) {
            ShareBench.until("all that can be read came", () -> {
                try {
                    for (var record : member.poll(Duration.ofMillis(300))) {
                        records.add(record);
                        member.acknowledge(record, ACCEPT);
                    }
                } catch (RecordDeserializationException failure) {
                    bench.say("unreadable: " + failure.topicPartition().partition() + "@" + failure.offset());
                    member.acknowledge(failure.topicPartition().topic(), failure.topicPartition().partition(), failure.offset(), AcknowledgeType.REJECT);
                }
                return records.size() == 5;
            });
            bench.say(ShareBench.outcomes(member.commitSync()));
            bench.say(records);
        }
        try (var next = bench.member(group)) {
            bench.say(bench.take(next, 1, record -> ACCEPT));
        }
        bench.done(group);
    }

    static void partitions(ShareBench bench) throws Exception {
        String group = bench.scene("partitions", 3);
        try (var producer = bench.producer(Map.of("partitioner.class", "org.apache.kafka.clients.producer.RoundRobinPartitioner"))) {
            for (int value = 0; value < 9; value++) {
                producer.send(new ProducerRecord<>(group, value % 3, null, String.valueOf(value)));
            }
        }
        try (var member = bench.member(group)) {
            bench.say(bench.take(member, 9, record -> record.partition() == 1 && record.deliveryCount().get() == 1 ? RELEASE : ACCEPT));
            bench.say(bench.take(member, 3, record -> ACCEPT));
            member.commitSync();
            member.unsubscribe();
            bench.say("without topics: " + ShareBench.thrown(() -> member.poll(Duration.ofMillis(100))));
            bench.members(group, 0);
            bench.write(group, 9, 9);
            member.subscribe(List.of(group));
            bench.say(bench.take(member, 1, record -> ACCEPT));
            bench.say(ShareBench.outcomes(member.commitSync()));
        }
    }

    static void misused(ShareBench bench) throws Exception {
        String group = bench.scene("misused", 1);
        bench.write(group, 0, 1);
        try (KafkaShareConsumer<String, String> member = bench.member(group)) {
            var records = bench.some(member);
            bench.say("of nobody: " + ShareBench.thrown(() -> member.acknowledge(group, 0, 77, ACCEPT)));
            for (var record : records) member.acknowledge(record, ACCEPT);
            member.acknowledge(records.get(0), RELEASE);
            bench.say(ShareBench.outcomes(member.commitSync()));
            bench.say("twice: " + ShareBench.thrown(() -> member.acknowledge(records.get(1), ACCEPT)));
            bench.say(bench.take(member, 1, record -> ACCEPT));
            member.commitSync();
        }
        bench.done(group);
    }

    private static void heard(KafkaShareConsumer<String, String> member, Queue<String> told, int count) {
        ShareBench.until(count + " callbacks", () -> {
            var unexpected = member.poll(Duration.ofMillis(200));
            if (!unexpected.isEmpty()) throw new IllegalStateException("records came that nobody expected");
            return told.size() >= count;
        });
    }
}
