import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.storage.log.FetchIsolation;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.storage.internals.log.AbortedTxn;
import org.apache.kafka.storage.internals.log.Cleaner;
import org.apache.kafka.storage.internals.log.CleanerStats;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogSegment;
import org.apache.kafka.storage.internals.log.LogToClean;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.SkimpyOffsetMap;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.utils.Throttler;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;

/**
 * Compacts a log with Kafka's own cleaner: a command a line, the answer's lines, and a line 'end'.
 *
 *   open DIR SEGMENT_BYTES INTERVAL DELETE_RETENTION   a new log in an empty folder
 *   append BATCH...                                    batches (base64), as a follower does
 *   roll                                               begins a new segment
 *   compact FIRST_DIRTY FIRST_UNCLEANABLE NOW          one pass; tells up to where the log is compacted
 *   show                                               what is in the log
 */
public final class Compactions {
    private static final PrintStream ANSWERS = System.out;
    private static final HexFormat HEX = HexFormat.of();

    static {
        System.setOut(System.err);
    }

    private static UnifiedLog log;

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 20);
        PrintStream out = new PrintStream(ANSWERS, false, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            try {
                switch (words[0]) {
                    case "open" -> open(words);
                    case "append" -> append(words);
                    case "roll" -> log.roll();
                    case "compact" -> out.println("compacted " + compact(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3])));
                    case "show" -> show(out);
                    default -> throw new IllegalArgumentException(words[0]);
                }
            } catch (Exception refusal) {
                out.println(("refused " + refusal).replace('\n', ' '));
            }
            out.println("end");
        }
        out.flush();
        System.exit(0);
    }

    private static void open(String[] words) throws Exception {
        Properties settings = new Properties();
        settings.put(LogConfig.INTERNAL_SEGMENT_BYTES_CONFIG, Integer.parseInt(words[2]));
        settings.put("index.interval.bytes", Integer.parseInt(words[3]));
        settings.put("retention.ms", -1);
        settings.put("cleanup.policy", "compact");
        settings.put("delete.retention.ms", Long.parseLong(words[4]));
        log = UnifiedLog.create(new File(words[1]), new LogConfig(settings), 0, 0, new Never(), new BrokerTopicStats(), Time.SYSTEM,
            900_000, new ProducerStateManagerConfig(Integer.MAX_VALUE, false), 600_000, new LogDirFailureChannel(10), true, Optional.empty());
    }

    private static void append(String[] words) throws Exception {
        for (int i = 1; i < words.length; i++) {
            MemoryRecords records = MemoryRecords.readableRecords(ByteBuffer.wrap(Base64.getDecoder().decode(words[i])));
            log.appendAsFollower(records, records.batches().iterator().next().partitionLeaderEpoch());
        }
        log.updateHighWatermark(log.logEndOffset());
    }

    private static long compact(long firstDirty, long firstUncleanable, long now) throws Exception {
        TopicPartition partition = log.topicPartition();
        Throttler unbounded = new Throttler(Double.MAX_VALUE, 300, "throttler", "entries", Time.SYSTEM);
        Cleaner cleaner = new Cleaner(0, new SkimpyOffsetMap(4 << 20), 1 << 16, 1 << 20, 0.9, unbounded, Time.SYSTEM, ignored -> { });
        Map.Entry<Long, CleanerStats> done = cleaner.doClean(new LogToClean(log, firstDirty, firstUncleanable, true), now);
        return done.getKey();
    }

    private static void show(PrintStream out) throws Exception {
        for (LogSegment segment : log.logSegments()) out.println("segment " + segment.baseOffset());
        for (long offset = log.logStartOffset(); offset < log.logEndOffset();) {
            Records records = log.read(offset, 1 << 20, FetchIsolation.LOG_END, true).records;
            long before = offset;
            for (RecordBatch batch : records.batches()) {
                if (batch.lastOffset() < offset) continue;
                batch.ensureValid();
                out.println("batch " + batch.baseOffset() + " " + batch.lastOffset() + " " + batch.partitionLeaderEpoch() + " " + batch.countOrNull()
                    + " " + batch.producerId() + " " + batch.producerEpoch() + " " + batch.baseSequence()
                    + (batch.isTransactional() ? " transactional" : "") + (batch.isControlBatch() ? " control" : "") + " " + batch.compressionType().name
                    + " max " + batch.maxTimestamp() + " horizon " + batch.deleteHorizonMs().orElse(-1)
                    + (batch.isCompressed() ? "" : " " + batch.sizeInBytes() + " " + batch.checksum()));
                for (Record record : batch)
                    out.println("record " + record.offset() + " " + record.timestamp() + " " + hex(record.key()) + " " + hex(record.value()));
                offset = batch.lastOffset() + 1;
            }
            if (offset == before) break;
        }
        for (AbortedTxn aborted : log.collectAbortedTransactions(log.logStartOffset(), log.logEndOffset()))
            out.println("aborted " + aborted.producerId() + " " + aborted.firstOffset() + " " + aborted.lastOffset() + " " + aborted.lastStableOffset());
        List<String> producers = new ArrayList<>();
        Map<Long, Integer> sequences = log.activeProducersWithLastSequence();
        log.producerStateManager().activeProducers().forEach((id, state) -> producers.add("producer " + id + " " + state.producerEpoch()
            + " " + sequences.get(id) + " " + state.lastDataOffset() + " " + state.currentTxnFirstOffset().orElse(-1)));
        producers.stream().sorted().forEach(out::println);
    }

    private static String hex(ByteBuffer bytes) {
        if (bytes == null) return "-";
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return "x" + HEX.formatHex(copy);
    }

    /** What Kafka would do in the background: flushes at rolls run at once, timers never. */
    private static final class Never implements Scheduler {
        private static final ScheduledExecutorService IDLE = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });

        @Override public void startup() { }
        @Override public void shutdown() { }
        @Override public void resizeThreadPool(int size) { }
        @Override public ScheduledFuture<?> schedule(String name, Runnable task, long delay, long period) {
            if (delay == 0 && period <= 0) task.run();
            return IDLE.schedule(() -> { }, 1, TimeUnit.DAYS);
        }
    }
}
