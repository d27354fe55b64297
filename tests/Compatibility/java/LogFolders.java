import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.storage.log.FetchIsolation;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.storage.internals.log.AbortedTxn;
import org.apache.kafka.storage.internals.log.EpochEntry;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;
import org.apache.kafka.tools.DumpLogSegments;

/**
 * Writes and reads whole partition folders with Kafka's own log: a command a line, the answer's lines, and a line 'end'.
 *
 *   write DIR SEGMENT_BYTES INTERVAL close|kill BATCH...   appends batches (base64), as a follower does
 *   read DIR clean|unclean RECOVERY_POINT TIMESTAMP...     opens the folder and tells what is in it
 *   dump FILE...                                           what kafka-dump-log prints of the files
 */
public final class LogFolders {
    private static final PrintStream ANSWERS = System.out;

    static {
        System.setOut(System.err);
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 20);
        PrintStream out = new PrintStream(ANSWERS, false, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            try {
                switch (words[0]) {
                    case "write" -> write(words, out);
                    case "read" -> read(words, out);
                    case "dump" -> dump(words, out);
                    default -> throw new IllegalArgumentException(words[0]);
                }
            } catch (Exception refusal) {
                out.println(("refused " + refusal).replace('\n', ' '));
            }
            out.println("end");
        }
        out.flush();
    }

    private static void write(String[] words, PrintStream out) throws Exception {
        UnifiedLog log = open(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]), true, 0);
        for (int i = 5; i < words.length; i++) {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(words[i]));
            MemoryRecords records = MemoryRecords.readableRecords(bytes);
            log.appendAsFollower(records, records.batches().iterator().next().partitionLeaderEpoch());
        }
        out.println(log.logEndOffset());
        if (words[4].equals("close")) log.close(); else log.closeHandlers();
    }

    private static void read(String[] words, PrintStream out) throws Exception {
        UnifiedLog log = open(words[1], 1 << 30, 4096, words[2].equals("clean"), Long.parseLong(words[3]));
        out.println("range " + log.logStartOffset() + " " + log.logEndOffset());
        for (long offset = log.logStartOffset(); offset < log.logEndOffset();) {
            Records records = log.read(offset, 1 << 20, FetchIsolation.LOG_END, true).records;
            for (RecordBatch batch : records.batches()) {
                if (batch.lastOffset() < offset) continue;
                batch.ensureValid();
                out.println("batch " + batch.baseOffset() + " " + batch.lastOffset() + " " + batch.partitionLeaderEpoch()
                    + " " + batch.sizeInBytes() + " " + batch.checksum());
                offset = batch.lastOffset() + 1;
            }
        }
        for (AbortedTxn aborted : log.collectAbortedTransactions(log.logStartOffset(), log.logEndOffset()))
            out.println("aborted " + aborted.producerId() + " " + aborted.firstOffset() + " " + aborted.lastOffset() + " " + aborted.lastStableOffset());
        List<String> producers = new ArrayList<>();
        Map<Long, Integer> sequences = log.activeProducersWithLastSequence();
        log.producerStateManager().activeProducers().forEach((id, state) -> producers.add("producer " + id + " " + state.producerEpoch()
            + " " + sequences.get(id) + " " + state.lastDataOffset() + " " + state.currentTxnFirstOffset().orElse(-1)));
        producers.stream().sorted().forEach(out::println);
        for (EpochEntry entry : log.leaderEpochCache().epochEntries()) out.println("epoch " + entry.epoch() + " " + entry.startOffset());
        for (int i = 4; i < words.length; i++) {
            Optional<FileRecords.TimestampAndOffset> found =
                log.fetchOffsetByTimestamp(Long.parseLong(words[i]), Optional.empty()).timestampAndOffsetOpt();
            out.println("time " + words[i] + " " + found.map(at -> at.offset + " " + at.timestamp + " " + at.leaderEpoch.orElse(-1)).orElse("none"));
        }
        log.closeHandlers();
    }

    private static void dump(String[] words, PrintStream out) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            String files = String.join(",", List.of(words).subList(1, words.length));
            DumpLogSegments.main(new String[] {"--files", files, "--deep-iteration", "--print-data-log"});
        } finally {
            System.out.flush();
            System.setOut(before);
        }
        out.print(printed.toString(StandardCharsets.UTF_8));
    }

    private static UnifiedLog open(String folder, int segmentBytes, int interval, boolean clean, long recoveryPoint) throws Exception {
        Properties settings = new Properties();
        settings.put(LogConfig.INTERNAL_SEGMENT_BYTES_CONFIG, segmentBytes);
        settings.put("index.interval.bytes", interval);
        settings.put("retention.ms", -1);
        return UnifiedLog.create(new File(folder), new LogConfig(settings), 0, recoveryPoint, new Never(), new BrokerTopicStats(), Time.SYSTEM,
            900_000, new ProducerStateManagerConfig(Integer.MAX_VALUE, false), 600_000, new LogDirFailureChannel(10), clean, Optional.empty());
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
