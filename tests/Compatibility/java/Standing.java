import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Members of groups and open transactions that stand while tools look at them.
 *
 *   join ADDRESS GROUP TOPIC PROTOCOL [INSTANCE]   a member with its share of the topic, which it does not read
 *   leave GROUP
 *   share ADDRESS GROUP TOPIC                      a member of a share group, which accepts what comes
 *   unshare GROUP
 *   begin ADDRESS ID TOPIC                         a record in a transaction that stays open
 *   commit ID                                      and says what came of it
 *   drop ID                                        the producer goes as it is
 */
public class Standing {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(40);

    /** Long ago, so that who looks for transactions that hang looks at these too. */
    private static final long LONG_AGO = 1_700_000_000_000L;

    private static final Map<String, Member> MEMBERS = new HashMap<>();
    private static final Map<String, Sharer> SHARERS = new HashMap<>();
    private static final Map<String, KafkaProducer<String, String>> PRODUCERS = new HashMap<>();

    public static void main(String[] words) throws Exception {
        switch (words[0]) {
            case "join" -> MEMBERS.put(words[2], new Member(words[1], words[2], words[3], words[4], words.length > 5 ? words[5] : null));
            case "leave" -> MEMBERS.remove(words[1]).leave();
            case "share" -> SHARERS.put(words[2], new Sharer(words[1], words[2], words[3]));
            case "unshare" -> SHARERS.remove(words[1]).leave();
            case "begin" -> begin(words[1], words[2], words[3]);
            case "commit" -> commit(words[1]);
            default -> PRODUCERS.remove(words[1]).close(Duration.ZERO);
        }
    }

    private static void begin(String address, String id, String topic) throws Exception {
        KafkaProducer<String, String> producer = PRODUCERS.computeIfAbsent(id, fresh -> {
            Map<String, Object> settings = Map.of("bootstrap.servers", address, "transactional.id", fresh, "transaction.timeout.ms", 600_000);
            KafkaProducer<String, String> made = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
            made.initTransactions();
            return made;
        });
        producer.beginTransaction();
        System.out.println("at offset " + producer.send(new ProducerRecord<>(topic, 0, LONG_AGO, (String) null, "in " + id)).get().offset());
    }

    private static void commit(String id) {
        try {
            PRODUCERS.get(id).commitTransaction();
            System.out.println("committed");
        } catch (ApiException refused) {
            System.out.println("refused: " + refused.getClass().getSimpleName());
        }
    }

    private static class Member {
        private final KafkaConsumer<String, String> consumer;
        private final Thread thread;
        private volatile boolean isLeaving;

        Member(String address, String group, String topic, String protocol, String instance) throws InterruptedException {
            Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers", address, "group.id", group, "group.protocol", protocol, "client.id", "standing", "enable.auto.commit", false));
            if (protocol.equals("classic")) {
                settings.put("session.timeout.ms", 300_000);
            }
            if (instance != null) {
                settings.put("group.instance.id", instance);
            }
            consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
            consumer.subscribe(List.of(topic));
            long until = System.nanoTime() + LONGEST_WAIT.toNanos();
            while (consumer.assignment().isEmpty()) {
                if (System.nanoTime() > until) {
                    throw new IllegalStateException("waited in vain for a share of " + topic);
                }
                consumer.poll(Duration.ofMillis(50));
            }
            consumer.pause(consumer.assignment());
            System.out.println("joined with " + consumer.assignment().size());
            thread = new Thread(this::stay, group);
            thread.setDaemon(true);
            thread.start();
        }

        private void stay() {
            while (!isLeaving) {
                consumer.poll(Duration.ofMillis(100));
            }
            consumer.close();
        }

        void leave() throws InterruptedException {
            isLeaving = true;
            thread.join();
        }
    }

    private static class Sharer {
        private final KafkaShareConsumer<String, String> consumer;
        private final Thread thread;
        private volatile boolean isLeaving;

        Sharer(String address, String group, String topic) throws Exception {
            Map<String, Object> settings = Map.of("bootstrap.servers", address, "group.id", group, "client.id", "standing");
            consumer = new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
            consumer.subscribe(List.of(topic));
            thread = new Thread(this::stay, group);
            thread.setDaemon(true);
            thread.start();
            // A share consumer does not tell what it has.
            long until = System.nanoTime() + LONGEST_WAIT.toNanos();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
                while (!isIn(admin, group)) {
                    if (System.nanoTime() > until) {
                        throw new IllegalStateException("waited in vain for a share of " + topic);
                    }
                    Thread.sleep(50);
                }
            }
            System.out.println("joined");
        }

        private static boolean isIn(Admin admin, String group) throws Exception {
            try {
                return admin.describeShareGroups(List.of(group)).describedGroups().get(group).get().members().stream()
                    .anyMatch(member -> !member.assignment().topicPartitions().isEmpty());
            } catch (java.util.concurrent.ExecutionException notYet) {
                return false;
            }
        }

        private void stay() {
            while (!isLeaving) {
                consumer.poll(Duration.ofMillis(100));
            }
            consumer.close();
        }

        void leave() throws InterruptedException {
            isLeaving = true;
            thread.join();
        }
    }
}
