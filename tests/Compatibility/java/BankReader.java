import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads all entries from the beginning and sums them up. Partitions become readable one after the other, so what is held
 * against the sum is a cut: the ends of all partitions are asked for, and everything below them is read. By then every
 * transaction of which something had been seen before must be there in full, since all of its entries lay below those ends.
 */
class BankReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** A transaction of which not all entries have been seen. */
    private static class Part {
        int missing;
        long sum;
    }

    private final BankTransfers bank;
    private final BankLedger ledger;
    private final String name;
    private final KafkaConsumer<String, String> consumer;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final Map<Long, Part> parts = new HashMap<>();
    private final BitSet debits = new BitSet();
    private final BitSet credits = new BitSet();
    private long settled;
    private int checked;
    private int cuts;

    BankReader(BankTransfers bank, String name) {
        this.bank = bank;
        this.ledger = bank.ledger;
        this.name = name;
        consumer = new KafkaConsumer<>(bank.readerSettings(name), new StringDeserializer(), new StringDeserializer());
        for (int partition = 0; partition < BankLedger.PARTITIONS; partition++) {
            partitions.add(new TopicPartition(BankLedger.ENTRIES, partition));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    int cuts() {
        return cuts;
    }

    /** How many transfers have been seen on both sides. */
    int transfers() {
        BitSet both = (BitSet) debits.clone();
        both.and(credits);
        return both.cardinality();
    }

    /** Whether no transaction and no transfer is there by halves. */
    boolean isWhole() {
        return parts.isEmpty() && debits.equals(credits);
    }

    /** Reads on, and holds everything that was begun or acknowledged by now against what is there. */
    void cut() throws Exception {
        Set<Long> begun = new HashSet<>(parts.keySet());
        int acknowledged = ledger.count();
        readTo(bank.ends());
        for (long attempt : begun) {
            Part part = parts.get(attempt);
            if (part != null) {
                wrong("of transaction " + attempt + " " + part.missing + " entries are not there, and the others are");
            }
        }
        for (BankLedger.Committed each : ledger.committed(checked, acknowledged)) {
            for (int transfer : each.transfers()) {
                if (!debits.get(transfer) || !credits.get(transfer)) {
                    wrong("transfer " + transfer + " was acknowledged with transaction " + each.attempt() + " and is not there");
                }
            }
        }
        checked = acknowledged;
        if (settled != BankLedger.TOTAL) {
            wrong("the sum is " + settled + " and not " + BankLedger.TOTAL);
        }
        cuts++;
    }

    private void readTo(Map<TopicPartition, Long> ends) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!isAt(ends)) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                take(record);
            }
            if (System.nanoTime() > until) {
                throw new IllegalStateException(name + " does not get to " + ends);
            }
        }
    }

    private boolean isAt(Map<TopicPartition, Long> ends) {
        for (TopicPartition partition : partitions) {
            if (consumer.position(partition, PATIENCE) < ends.get(partition)) {
                return false;
            }
        }
        return true;
    }

    private void take(ConsumerRecord<String, String> record) {
        String[] words = record.value().split(",");
        int transfer = Integer.parseInt(words[0]);
        long amount = Long.parseLong(words[1]);
        long attempt = Long.parseLong(words[2]);
        if (ledger.isAborted(attempt)) {
            wrong("transaction " + attempt + " was aborted, and an entry of it is seen at " + record.partition() + "/" + record.offset());
        }
        if (attempt != BankTransfers.OPENING) {
            BitSet side = amount < 0 ? debits : credits;
            if (side.get(transfer)) {
                wrong("transfer " + transfer + " is there twice on one side, again with transaction " + attempt);
            }
            side.set(transfer);
        }
        Part part = parts.get(attempt);
        if (part == null) {
            part = new Part();
            part.missing = Integer.parseInt(words[3]);
            parts.put(attempt, part);
        }
        part.missing--;
        part.sum += amount;
        if (part.missing == 0) {
            parts.remove(attempt);
            settled += part.sum;
        }
    }

    private void wrong(String what) {
        ledger.wrong(name + ", cut " + cuts + ": " + what);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
