import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A bank on two topics: transfers are fed into the one, and workers write each as two entries into the other, a debit and
 * a credit on different partitions, in transactions. Readers hold the entries against the sum of all accounts all the while.
 *
 *   ADDRESS PROTOCOL SEED BREAK
 *
 * PROTOCOL is that of the workers' group; BREAK is 'none', or what is done wrong: 'read-uncommitted' by the readers,
 * 'one-sided', 'forgotten' and 'no-offsets' by the workers. On 'tell' it says how far it is; 'committed' and 'aborted' tell
 * it of a worker elsewhere, in that one's words; on 'stop' it feeds no more, works off what there is, and ends. It ends with
 * its input too.
 */
public class BankTransfers {
    static final long OPENING = 0;

    private static final int WORKERS = 3;
    private static final int MOST_WAITING = 2000;
    private static final long PATIENCE_SECONDS = 120;
    private static final String BLOCKED_MS = "120000";

    final BankLedger ledger = new BankLedger();
    private final String address;
    private final String protocol;
    private final String broken;
    private final Random chance;
    private final Admin admin;
    private final AtomicInteger follows = new AtomicInteger();
    private final AtomicInteger newcomers = new AtomicInteger();
    private volatile boolean isFed;
    private volatile int fed;
    private volatile int followed;

    private BankTransfers(String address, String protocol, long seed, String broken) {
        this.address = address;
        this.protocol = protocol;
        this.broken = broken;
        this.chance = new Random(seed);
        this.admin = Admin.create(Map.of("bootstrap.servers", address, "default.api.timeout.ms", BLOCKED_MS));
    }

    public static void main(String[] arguments) throws Exception {
        long seed = Long.parseLong(arguments[2]);
        BankTransfers bank = new BankTransfers(arguments[0], arguments[1], seed, arguments[3]);
        try {
            bank.open();
            bank.run(seed);
        } catch (Exception failed) {
            failed.printStackTrace();
            bank.ledger.wrong("the bank ended: " + failed);
        }
        Runtime.getRuntime().halt(bank.ledger.isWrong() ? 1 : 0);
    }

    boolean isBroken(String how) {
        return broken.equals(how);
    }

    boolean isBroken(String how, Random chance) {
        return broken.equals(how) && chance.nextInt(20) == 0;
    }

    /** An account's entries stand on its own partition. */
    static ProducerRecord<String, String> entry(int account, int transfer, long amount, long attempt, int entries) {
        String value = transfer + "," + amount + "," + attempt + "," + entries;
        return new ProducerRecord<>(BankLedger.ENTRIES, account % BankLedger.PARTITIONS, Integer.toString(account), value);
    }

    /** Where each partition of the entries ends, decided or not. */
    Map<TopicPartition, Long> ends() throws Exception {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int partition = 0; partition < BankLedger.PARTITIONS; partition++) {
            asked.put(new TopicPartition(BankLedger.ENTRIES, partition), OffsetSpec.latest());
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> each : admin.listOffsets(asked).all().get().entrySet()) {
            ends.put(each.getKey(), each.getValue().offset());
        }
        return ends;
    }

    Map<String, Object> producerSettings(String transactionalId) {
        return Map.of("bootstrap.servers", address, "transactional.id", transactionalId, "max.block.ms", BLOCKED_MS, "linger.ms", 1);
    }

    /** Of one that is not waited for. */
    Map<String, Object> ghostSettings(String transactionalId) {
        Map<String, Object> settings = new HashMap<>(producerSettings(transactionalId));
        settings.put("transaction.timeout.ms", 1000);
        return settings;
    }

    Map<String, Object> memberSettings(String name) {
        Map<String, Object> settings = new HashMap<>(Map.of(
            "bootstrap.servers", address, "client.id", name, "group.id", "bank", "group.protocol", protocol, "isolation.level", "read_committed",
            "enable.auto.commit", false, "auto.offset.reset", "earliest", "max.poll.records", 10, "default.api.timeout.ms", BLOCKED_MS));
        if (protocol.equals("classic")) {
            settings.put("heartbeat.interval.ms", 500);
            settings.put("session.timeout.ms", 10_000);
        }
        return settings;
    }

    /** An end that goes back is no end: these readers never start anew. */
    Map<String, Object> readerSettings(String name) {
        return Map.of(
            "bootstrap.servers", address, "client.id", name, "isolation.level", isBroken("read-uncommitted") ? "read_uncommitted" : "read_committed",
            "enable.auto.commit", false, "auto.offset.reset", "none", "max.poll.records", 5000, "default.api.timeout.ms", BLOCKED_MS);
    }

    private void open() throws Exception {
        NewTopic transfers = new NewTopic(BankLedger.TRANSFERS, BankLedger.PARTITIONS, (short) 1);
        NewTopic entries = new NewTopic(BankLedger.ENTRIES, BankLedger.PARTITIONS, (short) 1);
        admin.createTopics(List.of(transfers, entries)).all().get();
        try (KafkaProducer<String, String> founder = new KafkaProducer<>(producerSettings("founder"), new StringSerializer(), new StringSerializer())) {
            founder.initTransactions();
            founder.beginTransaction();
            for (int account = 0; account < BankLedger.ACCOUNTS; account++) {
                founder.send(entry(account, account, BankLedger.TOTAL / BankLedger.ACCOUNTS, OPENING, BankLedger.ACCOUNTS));
            }
            founder.commitTransaction();
        }
    }

    private void run(long seed) throws Exception {
        List<Thread> workers = new ArrayList<>();
        for (int number = 0; number < WORKERS; number++) {
            workers.add(start("worker-" + number, new BankWorker(this, number, seed)));
        }
        Thread feeder = start("feeder", this::feed);
        Thread follower = start("follower", () -> read("follower", this::follow));
        Thread newcomer = start("newcomer", () -> read("newcomer", this::arrive));
        listen();
        isFed = true;
        feeder.join();
        awaitEntries();
        ledger.end();
        for (Thread each : workers) {
            each.join();
        }
        follower.join();
        newcomer.join();
        checkLast();
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Until it is told to stop. */
    private void listen() throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); !"stop".equals(line); line = input.readLine()) {
            if (line == null) {
                Runtime.getRuntime().halt(2);
            }
            take(line.split(" "));
        }
        start("watcher", BankTransfers::endWithInput);
    }

    private void take(String[] words) {
        switch (words[0]) {
            case "aborted" -> ledger.aborted(Long.parseLong(words[1]));
            case "committed" -> ledger.committed(Long.parseLong(words[1]), Arrays.stream(words).skip(2).map(Integer::valueOf).toList());
            default -> {
                System.out.println("at " + ledger.count() + " " + follows.get() + " " + newcomers.get());
                System.out.flush();
            }
        }
    }

    private static void endWithInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is said any more; only the end matters.
            }
        } catch (java.io.IOException gone) {
            // The same as an end.
        }
        Runtime.getRuntime().halt(2);
    }

    private void feed() {
        Map<String, Object> settings = Map.of("bootstrap.servers", address, "max.block.ms", BLOCKED_MS, "linger.ms", 5);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            int transfer = 0;
            while (!isFed) {
                for (int i = 0; i < 5; i++, transfer++) {
                    producer.send(transfer(transfer), (told, failed) -> {
                        if (failed != null) {
                            ledger.wrong("a transfer could not be fed: " + failed);
                        }
                    });
                }
                do {
                    pause(10);
                } while (!isFed && transfer - ledger.transfersCommitted() > MOST_WAITING);
            }
            producer.flush();
            fed = transfer;
        }
    }

    private ProducerRecord<String, String> transfer(int number) {
        int from = chance.nextInt(BankLedger.ACCOUNTS);
        int to = chance.nextInt(BankLedger.ACCOUNTS);
        while (to % BankLedger.PARTITIONS == from % BankLedger.PARTITIONS) {
            to = chance.nextInt(BankLedger.ACCOUNTS);
        }
        String value = (1 + chance.nextInt(100)) + "," + from + "," + to;
        return new ProducerRecord<>(BankLedger.TRANSFERS, number % BankLedger.PARTITIONS, Integer.toString(number), value);
    }

    private interface Reading {
        void run() throws Exception;
    }

    private void read(String name, Reading reading) {
        try {
            reading.run();
        } catch (Exception failed) {
            failed.printStackTrace();
            ledger.wrong("the " + name + " ended: " + failed);
        }
    }

    /** One that stays. */
    private void follow() throws Exception {
        try (BankReader reader = new BankReader(this, "follower")) {
            while (!ledger.isOver()) {
                reader.cut();
                follows.incrementAndGet();
                followed = reader.transfers();
                pause(10);
            }
        }
    }

    /** One after the other begins at the beginning, at any moment. */
    private void arrive() throws Exception {
        while (!ledger.isOver()) {
            try (BankReader reader = new BankReader(this, "newcomer " + newcomers.get())) {
                reader.cut();
                reader.cut();
            }
            newcomers.incrementAndGet();
            // They read more each time.
            pause(100 + newcomers.get() * 20L);
        }
    }

    private void awaitEntries() {
        long until = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
        while (followed < fed) {
            if (System.nanoTime() > until) {
                ledger.wrong("of " + fed + " transfers " + followed + " are written after " + PATIENCE_SECONDS + " s");
                return;
            }
            pause(20);
        }
    }

    /** Everybody is gone, so nothing may be open or missing. */
    private void checkLast() throws Exception {
        try (BankReader last = new BankReader(this, "last reader")) {
            last.cut();
            if (last.transfers() != fed || !last.isWhole()) {
                ledger.wrong("of " + fed + " transfers the last reader sees " + last.transfers() + ", all whole: " + last.isWhole());
            }
        }
        System.out.println("done " + fed + " transfers, " + ledger.summary() + ", " + (follows.get() + 2 * newcomers.get() + 1) + " cuts");
        System.out.flush();
    }

    private static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
