import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Reads transfers as a member of a group, and writes both entries of each and how far it has read in one transaction.
 * Some transactions it aborts, and out of some it vanishes; its next life begins with the same transactional id.
 */
class BankWorker implements Runnable {
    private static final int ABORTED_OF_100 = 8;
    private static final int ABANDONED_OF_100 = 2;
    private static final int MOVED_OF_1000 = 4;
    private static final int GHOSTS_OF_1000 = 6;

    private final BankTransfers bank;
    private final BankLedger ledger;
    private final String name;
    private final Random chance;
    private KafkaConsumer<String, String> consumer;
    private KafkaProducer<String, String> producer;

    BankWorker(BankTransfers bank, int number, long seed) {
        this.bank = bank;
        this.ledger = bank.ledger;
        this.name = "worker-" + number;
        this.chance = new Random(seed + number);
    }

    @Override
    public void run() {
        try {
            while (!ledger.isOver()) {
                liveInGroup();
            }
            // What was left open at the end is decided by the next of its name.
            try (KafkaProducer<String, String> last = new KafkaProducer<>(bank.producerSettings(name), new StringSerializer(), new StringSerializer())) {
                last.initTransactions();
            }
        } catch (RuntimeException unexpected) {
            ledger.wrong(name + " ended: " + unexpected);
            unexpected.printStackTrace();
        }
    }

    /** As one member of the group, with one producer after the other. */
    private void liveInGroup() {
        consumer = new KafkaConsumer<>(bank.memberSettings(name), new StringDeserializer(), new StringDeserializer());
        try {
            consumer.subscribe(List.of(BankLedger.TRANSFERS));
            boolean isMember = true;
            while (isMember && !ledger.isOver()) {
                producer = new KafkaProducer<>(bank.producerSettings(name), new StringSerializer(), new StringSerializer());
                try {
                    producer.initTransactions();
                    // What the last producer left open is decided now, so the group's offsets are settled.
                    rewind();
                    isMember = produce();
                } finally {
                    producer.close(Duration.ZERO);
                }
            }
        } finally {
            consumer.close();
        }
    }

    /** Returns false to leave the group, and true where only the producer is gone. */
    private boolean produce() {
        while (!ledger.isOver()) {
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
            if (!records.isEmpty() && !transact(records)) {
                return true;
            }
            if (chance.nextInt(1000) < MOVED_OF_1000) {
                ledger.happened("members replaced");
                return false;
            }
            if (chance.nextInt(1000) < GHOSTS_OF_1000) {
                haunt();
            }
        }
        return true;
    }

    /** A producer that begins and is never seen again, nor another of its name: its transaction ends when its time is over. */
    private void haunt() {
        long attempt = ledger.begin();
        ledger.aborted(attempt);
        ledger.happened("producers gone for good");
        KafkaProducer<String, String> ghost = new KafkaProducer<>(bank.ghostSettings("ghost-" + attempt), new StringSerializer(), new StringSerializer());
        try {
            ghost.initTransactions();
            ghost.beginTransaction();
            ghost.send(BankTransfers.entry(chance.nextInt(BankLedger.ACCOUNTS), 0, 1, attempt, 1));
            ghost.flush();
        } catch (KafkaException late) {
            ledger.happened("producers that were late");
        } finally {
            ghost.close(Duration.ZERO);
        }
    }

    /** Returns whether the producer goes on. */
    private boolean transact(ConsumerRecords<String, String> records) {
        long attempt = ledger.begin();
        boolean isDecided = false;
        try {
            producer.beginTransaction();
            List<Integer> transfers = write(records, attempt);
            if (!bank.isBroken("no-offsets", chance)) {
                producer.sendOffsetsToTransaction(next(records), consumer.groupMetadata());
            }
            int fate = chance.nextInt(100);
            if (fate < ABORTED_OF_100 + ABANDONED_OF_100) {
                return giveUp(attempt, fate < ABORTED_OF_100);
            }
            isDecided = true;
            commit();
            ledger.committed(attempt, transfers);
            if (bank.isBroken("no-offsets")) {
                rewind();
            }
            return true;
        } catch (KafkaException failed) {
            judge(failed);
            return !isDecided && abort(attempt);
        }
    }

    private boolean giveUp(long attempt, boolean isOrderly) {
        producer.flush();
        if (isOrderly) {
            producer.abortTransaction();
            ledger.aborted(attempt);
            rewind();
        } else {
            ledger.happened("producers vanished");
            ledger.aborted(attempt);
        }
        return isOrderly;
    }

    private boolean abort(long attempt) {
        ledger.aborted(attempt);
        try {
            producer.abortTransaction();
            rewind();
            return true;
        } catch (KafkaException failed) {
            judge(failed);
            return false;
        }
    }

    /** The client allows it again where no answer came in time. */
    private void commit() {
        while (true) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException late) {
                ledger.happened("commits asked for again");
            }
        }
    }

    private List<Integer> write(ConsumerRecords<String, String> records, long attempt) {
        List<Integer> transfers = new ArrayList<>();
        List<ConsumerRecord<String, String>> written = new ArrayList<>();
        for (ConsumerRecord<String, String> record : records) {
            transfers.add(Integer.parseInt(record.key()));
            if (!bank.isBroken("forgotten", chance)) {
                written.add(record);
            }
        }
        for (ConsumerRecord<String, String> record : written) {
            String[] parts = record.value().split(",");
            long amount = Long.parseLong(parts[0]);
            int transfer = Integer.parseInt(record.key());
            producer.send(BankTransfers.entry(Integer.parseInt(parts[1]), transfer, -amount, attempt, 2 * written.size()));
            if (!bank.isBroken("one-sided", chance)) {
                producer.send(BankTransfers.entry(Integer.parseInt(parts[2]), transfer, amount, attempt, 2 * written.size()));
            }
        }
        return transfers;
    }

    private static Map<TopicPartition, OffsetAndMetadata> next(ConsumerRecords<String, String> records) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (ConsumerRecord<String, String> record : records) {
            next.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        return next;
    }

    /** Back to what the group has committed. */
    private void rewind() {
        if (consumer.assignment().isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> stored = consumer.committed(consumer.assignment());
        for (TopicPartition partition : consumer.assignment()) {
            OffsetAndMetadata offset = stored.get(partition);
            if (offset == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, offset);
            }
        }
    }

    /** A rebalance may take partitions away, and a broker that is gone may make things late. Nothing else may happen. */
    private void judge(KafkaException failed) {
        Throwable cause = failed;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof CommitFailedException || cause instanceof RebalanceInProgressException || cause instanceof TimeoutException) {
            ledger.happened(cause.getClass().getSimpleName());
        } else {
            ledger.wrong(name + ": " + failed + ", because of " + cause);
        }
    }
}
