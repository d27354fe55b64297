import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker for scenes of share groups: topics, groups with the same names, members, and what is told of records. */
final class ShareBench implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration TURN = Duration.ofMillis(300);

    /** Names are new with each run, so that one broker may see several. */
    private static final String RUN = "-" + Long.toString(System.nanoTime(), 36);

    private final String address;
    private final Admin admin;
    private final StringBuilder said = new StringBuilder();

    ShareBench(String address) {
        this.address = address;
        admin = Admin.create(Map.of("bootstrap.servers", address));
    }

    void say(String line) {
        said.append(line).append('\n');
    }

    void say(List<ConsumerRecord<String, String>> records) {
        say(told(records));
    }

    String said() {
        return said.toString();
    }

    /** A topic, and a group of its name that begins with the first record unless its settings (name=value) say otherwise. */
    String scene(String name, int partitions, String... settings) throws Exception {
        say("== " + name);
        String topic = name + RUN;
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
        group(topic, settings);
        return topic;
    }

    void group(String group, String... settings) throws Exception {
        List<AlterConfigOp> changes = new ArrayList<>();
        changes.add(set("share.auto.offset.reset=earliest"));
        for (String setting : settings) changes.add(set(setting));
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), changes)).all().get();
    }

    private static AlterConfigOp set(String setting) {
        String[] words = setting.split("=");
        return new AlterConfigOp(new ConfigEntry(words[0], words[1]), AlterConfigOp.OpType.SET);
    }

    /** Values FIRST to LAST, in one batch. */
    void write(String topic, int first, int last) {
        try (KafkaProducer<String, String> producer = producer(Map.of("linger.ms", 1000))) {
            send(producer, topic, first, last);
        }
    }

    KafkaProducer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", address);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    void send(KafkaProducer<String, String> producer, String topic, int first, int last) {
        for (int value = first; value <= last; value++) producer.send(new ProducerRecord<>(topic, 0, null, String.valueOf(value)));
        producer.flush();
    }

    /** A member that says explicitly what became of each record, where its settings (name=value) do not say otherwise. */
    KafkaShareConsumer<String, String> member(String group, String... settings) {
        return member(group, new StringDeserializer(), settings);
    }

    KafkaShareConsumer<String, String> member(String group, Deserializer<String> values, String... settings) {
        Map<String, Object> all = new HashMap<>(Map.of(
            "bootstrap.servers", address, "group.id", group, "share.acknowledgement.mode", "explicit", "fetch.max.wait.ms", 100));
        for (String setting : settings) all.put(setting.split("=")[0], setting.split("=")[1]);
        KafkaShareConsumer<String, String> member = new KafkaShareConsumer<>(all, new StringDeserializer(), values);
        member.subscribe(List.of(group));
        return member;
    }

    /** What the next poll that has something gives. */
    List<ConsumerRecord<String, String>> some(KafkaShareConsumer<String, String> member) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        until("records come", () -> {
            member.poll(TURN).forEach(records::add);
            return !records.isEmpty();
        });
        return records;
    }

    /** So many records, from as many polls as it takes, each acknowledged as is said of it. */
    List<ConsumerRecord<String, String>> take(
        KafkaShareConsumer<String, String> member, int count, Function<ConsumerRecord<String, String>, AcknowledgeType> answer) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        until(count + " records come", () -> {
            for (ConsumerRecord<String, String> record : member.poll(TURN)) {
                records.add(record);
                member.acknowledge(record, answer.apply(record));
            }
            return records.size() >= count;
        });
        return records;
    }

    /** What comes in a while, which should be nothing. */
    String nothing(KafkaShareConsumer<String, String> member) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        for (int turn = 0; turn < 3; turn++) member.poll(TURN).forEach(records::add);
        return told(records);
    }

    /** Waits until the group is done with everything. */
    void done(String group) {
        TopicPartition partition = new TopicPartition(group, 0);
        until("the group is done with everything", () -> {
            try {
                var offsets = admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec().topicPartitions(List.of(partition))))
                    .partitionsToOffsetInfo(group).get();
                return offsets.get(partition) != null && offsets.get(partition).lag().equals(Optional.of(0L));
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
        say("done with everything");
    }

    /** How many members the group has, when it has so many. */
    void members(String group, int count) {
        until("the group has " + count + " members", () -> {
            try {
                var description = admin.describeShareGroups(List.of(group)).describedGroups().get(group).get();
                return description.members().size() == count;
            } catch (ExecutionException failure) {
                if (failure.getCause() instanceof GroupIdNotFoundException) return count == 0;
                throw new IllegalStateException(failure);
            } catch (InterruptedException failure) {
                throw new IllegalStateException(failure);
            }
        });
        say("members: " + count);
    }

    static void until(String what, BooleanSupplier isSo) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > end) throw new IllegalStateException("waited in vain until " + what);
        }
    }

    /** PARTITION@OFFSET=VALUExDELIVERIES of each. */
    static String told(Collection<ConsumerRecord<String, String>> records) {
        return records.stream()
            .map(record -> "%d@%d=%sx%s".formatted(record.partition(), record.offset(), record.value(), record.deliveryCount().map(String::valueOf).orElse("?")))
            .sorted().collect(Collectors.joining(" ", "[", "]"));
    }

    static String outcomes(Map<TopicIdPartition, Optional<KafkaException>> results) {
        Map<Integer, String> told = new TreeMap<>();
        results.forEach((partition, failure) -> told.put(partition.partition(), failure.map(one -> one.getClass().getSimpleName()).orElse("ok")));
        return told.toString();
    }

    static String callback(Map<TopicIdPartition, Set<Long>> offsets, Exception failure) {
        Map<Integer, Set<Long>> told = new TreeMap<>();
        offsets.forEach((partition, some) -> told.put(partition.partition(), new TreeSet<>(some)));
        return told + (failure == null ? " ok" : " " + failure.getClass().getSimpleName());
    }

    /** The name of what is thrown. */
    static String thrown(Runnable attempt) {
        try {
            attempt.run();
            return "nothing is thrown";
        } catch (RuntimeException failure) {
            return failure.getClass().getSimpleName();
        }
    }

    /** Reads values, but for 3. */
    static final class Picky implements Deserializer<String> {
        @Override
        public String deserialize(String topic, byte[] data) {
            String value = new String(data, StandardCharsets.UTF_8);
            if (value.equals("3")) throw new IllegalArgumentException("cannot be read");
            return value;
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
