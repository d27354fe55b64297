import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.BatchMetadata;
import org.apache.kafka.storage.internals.log.CompletedTxn;
import org.apache.kafka.storage.internals.log.ProducerAppendInfo;
import org.apache.kafka.storage.internals.log.ProducerStateEntry;
import org.apache.kafka.storage.internals.log.ProducerStateManager;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.SnapshotFile;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.log.VerificationGuard;

/**
 * Drives Kafka's states of producers, a step a line, an answer a line: the decision, and behind '|' the states it leaves.
 * The steps are those of a log: it asks for duplicates, for verification, and then updates.
 *
 *   new EXPIRATION                                                    other states, in an empty folder
 *   data ORIGIN PRODUCER EPOCH SEQUENCE COUNT OFFSET TIMESTAMP TRANSACTIONAL GUARD
 *   end ORIGIN PRODUCER EPOCH ABORT|COMMIT COORDINATOR-EPOCH OFFSET TIMESTAMP TRANSACTION-VERSION
 *   verify PRODUCER EPOCH SEQUENCE BUMPS NOW                          answers the guard's number, by which 'data' names it
 *   advance END | hw OFFSET | start OFFSET | expire NOW | snap | reload START END NOW | restart OFFSET
 *   damage OFFSET                                                     the last byte of that snapshot is flipped
 */
public final class Producers {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final List<VerificationGuard> guards = new ArrayList<>();
    private final Method findDuplicate;
    private ProducerStateManager states;
    private File folder;
    private long now;

    private Producers() throws Exception {
        findDuplicate = ProducerStateEntry.class.getDeclaredMethod("findDuplicateBatch", RecordBatch.class);
        findDuplicate.setAccessible(true);
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 20);
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), 1 << 20);
        Producers producers = new Producers();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String decision = producers.step(line.split(" "));
            out.write(decision + "|" + producers.describe() + "\n");
        }
        out.flush();
        producers.removeFolder();
    }

    private String step(String[] words) throws Exception {
        try {
            switch (words[0]) {
                case "new" -> begin(Integer.parseInt(words[1]));
                case "data" -> {
                    return data(words);
                }
                case "end" -> {
                    return end(words);
                }
                case "verify" -> {
                    return verify(words);
                }
                case "snap" -> {
                    Optional<File> file = states.takeSnapshot(true);
                    return file.isEmpty() ? "none" : Base64.getEncoder().encodeToString(Files.readAllBytes(file.get().toPath()));
                }
                case "advance" -> states.updateMapEndOffset(Long.parseLong(words[1]));
                case "hw" -> states.onHighWatermarkUpdated(Long.parseLong(words[1]));
                case "start" -> states.onLogStartOffsetIncremented(Long.parseLong(words[1]));
                case "expire" -> states.removeExpiredProducers(Long.parseLong(words[1]));
                case "reload" -> states.truncateAndReload(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
                case "restart" -> states.truncateFullyAndStartAt(Long.parseLong(words[1]));
                case "damage" -> damage(Long.parseLong(words[1]));
                default -> throw new IllegalArgumentException(words[0]);
            }
            return "done";
        } catch (org.apache.kafka.common.errors.ApiException refusal) {
            return "refused " + Errors.forException(refusal).code();
        } catch (RuntimeException impossible) { // behind a first difference the script no longer fits; that one is what counts
            return "impossible " + impossible;
        }
    }

    private void begin(int expiration) throws Exception {
        removeFolder();
        folder = Files.createTempDirectory("moldau-producers-").toFile();
        Time time = (Time) Proxy.newProxyInstance(Time.class.getClassLoader(), new Class<?>[] {Time.class},
            (proxy, method, arguments) -> method.getName().equals("nanoseconds") ? now * 1_000_000 : now);
        states = new ProducerStateManager(PARTITION, folder, 60_000, new ProducerStateManagerConfig(expiration, true), time);
        guards.clear();
    }

    private String data(String[] words) throws Exception {
        AppendOrigin origin = AppendOrigin.valueOf(words[1]);
        long producer = Long.parseLong(words[2]);
        short epoch = Short.parseShort(words[3]);
        RecordBatch batch = batch(words, producer, epoch);
        if (origin == AppendOrigin.CLIENT) {
            Optional<ProducerStateEntry> entry = states.lastEntry(producer);
            Optional<?> found = entry.isEmpty() ? Optional.empty() : (Optional<?>) findDuplicate.invoke(entry.get(), batch);
            if (found.isPresent()) {
                BatchMetadata earlier = (BatchMetadata) found.get();
                return "duplicate " + earlier.firstOffset() + " " + earlier.lastOffset() + " " + earlier.timestamp();
            }
        }
        if (origin != AppendOrigin.REPLICATION && batch.isTransactional() && !isOpen(producer, epoch)) {
            int guard = Integer.parseInt(words[9]);
            var verification = states.verificationStateEntry(producer);
            VerificationGuard known = verification == null ? VerificationGuard.SENTINEL : verification.verificationGuard();
            if (!known.verify(guard < 0 || guard >= guards.size() ? VerificationGuard.SENTINEL : guards.get(guard))) return "refused 48";
        }
        Map<Long, ProducerAppendInfo> updated = new TreeMap<>();
        UnifiedLog.updateProducers(states, batch, updated, Optional.empty(), origin, (short) -1);
        updated.values().forEach(states::update);
        states.updateMapEndOffset(batch.lastOffset() + 1);
        return "new";
    }

    private static RecordBatch batch(String[] words, long producer, short epoch) {
        int sequence = Integer.parseInt(words[4]);
        long offset = Long.parseLong(words[6]);
        SimpleRecord[] records = new SimpleRecord[Integer.parseInt(words[5])];
        for (int i = 0; i < records.length; i++) records[i] = new SimpleRecord(Long.parseLong(words[7]), null, new byte[0]);
        MemoryRecords built = Boolean.parseBoolean(words[8])
            ? MemoryRecords.withTransactionalRecords(offset, Compression.NONE, producer, epoch, sequence, 0, records)
            : MemoryRecords.withIdempotentRecords(offset, Compression.NONE, producer, epoch, sequence, 0, records);
        return built.batches().iterator().next();
    }

    private String end(String[] words) {
        AppendOrigin origin = AppendOrigin.valueOf(words[1]);
        EndTransactionMarker marker = new EndTransactionMarker(ControlRecordType.valueOf(words[4]), Integer.parseInt(words[5]));
        RecordBatch batch = MemoryRecords.withEndTransactionMarker(
            Long.parseLong(words[6]), Long.parseLong(words[7]), 0, Long.parseLong(words[2]), Short.parseShort(words[3]), marker)
            .batches().iterator().next();
        Map<Long, ProducerAppendInfo> updated = new TreeMap<>();
        Optional<CompletedTxn> completed =
            UnifiedLog.updateProducers(states, batch, updated, Optional.empty(), origin, Short.parseShort(words[8]));
        updated.values().forEach(states::update);
        String answer = "new";
        if (completed.isPresent()) {
            CompletedTxn done = completed.get();
            answer = "completed " + done.firstOffset() + " " + done.lastOffset() + " " + done.isAborted() + " " + states.lastStableOffset(done);
            states.completeTxn(done);
        }
        states.updateMapEndOffset(batch.lastOffset() + 1);
        return answer;
    }

    private String verify(String[] words) {
        long producer = Long.parseLong(words[1]);
        short epoch = Short.parseShort(words[2]);
        now = Long.parseLong(words[5]);
        ProducerStateEntry entry = states.activeProducers().get(producer);
        if (entry != null && epoch < entry.producerEpoch()) return "refused 47";
        if (isOpen(producer, epoch)) return "none";
        VerificationGuard guard = states.maybeCreateVerificationStateEntry(
            producer, Integer.parseInt(words[3]), epoch, Boolean.parseBoolean(words[4])).verificationGuard();
        if (!guards.contains(guard)) guards.add(guard);
        return Integer.toString(guards.indexOf(guard));
    }

    private boolean isOpen(long producer, short epoch) {
        ProducerStateEntry entry = states.activeProducers().get(producer);
        return entry != null && entry.currentTxnFirstOffset().isPresent() && entry.producerEpoch() == epoch;
    }

    private void damage(long offset) throws Exception {
        SnapshotFile file = states.snapshotFileForOffset(offset).orElseThrow();
        byte[] bytes = Files.readAllBytes(file.file().toPath());
        bytes[bytes.length - 1] ^= 1;
        Files.write(file.file().toPath(), bytes);
    }

    private String describe() {
        StringBuilder out = new StringBuilder();
        out.append(states.firstUnstableOffset().map(found -> Long.toString(found.messageOffset)).orElse("-")).append(' ')
            .append(states.firstUndecidedOffset().isPresent() ? states.firstUndecidedOffset().getAsLong() : "-").append(' ')
            .append(states.mapEndOffset()).append(' ').append(states.latestSnapshotOffset().orElse(-1));
        for (var producer : new TreeMap<>(states.activeProducers()).values()) {
            out.append(' ').append(producer.producerId()).append(',').append(producer.producerEpoch()).append(',')
                .append(producer.coordinatorEpoch()).append(',').append(producer.lastTimestamp()).append(',')
                .append(producer.currentTxnFirstOffset().orElse(-1));
            for (BatchMetadata batch : producer.batchMetadata()) {
                out.append(';').append(batch.firstSeq()).append(':').append(batch.lastSeq()).append(':').append(batch.firstOffset())
                    .append(':').append(batch.lastOffset()).append(':').append(batch.timestamp());
            }
        }
        return out.toString();
    }

    private void removeFolder() throws Exception {
        if (folder == null) return;
        try (Stream<java.nio.file.Path> files = Files.walk(folder.toPath())) {
            files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
    }
}
