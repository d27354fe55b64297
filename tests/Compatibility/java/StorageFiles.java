import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ScheduledFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.properties.MetaProperties;
import org.apache.kafka.metadata.properties.MetaPropertiesVersion;
import org.apache.kafka.metadata.properties.PropertiesUtils;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.storage.internals.checkpoint.CleanShutdownFileHandler;
import org.apache.kafka.storage.internals.checkpoint.LeaderEpochCheckpointFile;
import org.apache.kafka.storage.internals.checkpoint.OffsetCheckpointFile;
import org.apache.kafka.storage.internals.checkpoint.PartitionMetadataFile;
import org.apache.kafka.storage.internals.epoch.LeaderEpochFileCache;
import org.apache.kafka.storage.internals.log.AbortedTxn;
import org.apache.kafka.storage.internals.log.EpochEntry;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.OffsetIndex;
import org.apache.kafka.storage.internals.log.OffsetPosition;
import org.apache.kafka.storage.internals.log.TimeIndex;
import org.apache.kafka.storage.internals.log.TimestampOffset;
import org.apache.kafka.storage.internals.log.TransactionIndex;

/**
 * Writes, reads and asks the files around a log with Kafka's own classes: a command a line, an answer a line.
 *
 *   KIND write PATH ...    writes the content; answers 'ok'
 *   KIND read PATH ...     reads a file; answers its content, and for an index what its lookups find
 *   epochs OPERATION ...   works on the epoch cache that 'epochs open PATH' made
 *
 * An answer that Kafka refuses is 'refused', and why.
 */
public final class StorageFiles {
    private static final int ROOM = 1 << 16;
    private static final PrintStream ANSWERS = System.out;

    static {
        // Before the first of Kafka's classes: what they log must not stand between the answers.
        System.setOut(System.err);
    }

    private static final LogDirFailureChannel FAILURES = new LogDirFailureChannel(1000);

    private LeaderEpochFileCache cache;

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 20);
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(ANSWERS, StandardCharsets.UTF_8), 1 << 20);
        StorageFiles files = new StorageFiles();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            String answer;
            try {
                answer = files.answer(words);
            } catch (Exception refusal) {
                answer = ("refused " + refusal).replace('\n', ' ').replace('\r', ' ');
            }
            out.write(answer);
            out.write('\n');
        }
        out.flush();
    }

    private String answer(String[] words) throws Exception {
        if (words[0].equals("epochs")) return epochs(words);
        boolean write = words[1].equals("write");
        return switch (words[0]) {
            case "offset-index" -> write ? writeOffsets(words) : readOffsets(words);
            case "time-index" -> write ? writeTimes(words) : readTimes(words);
            case "transactions" -> write ? writeTransactions(words) : readTransactions(words);
            case "checkpoint" -> write ? writeCheckpoint(words) : readCheckpoint(words);
            case "properties" -> readProperties(words);
            case "meta" -> write ? writeMeta(words) : readMeta(words);
            case "partition" -> write ? writePartition(words) : readPartition(words);
            case "shutdown" -> write ? writeShutdown(words) : readShutdown(words);
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    /** offset-index write PATH BASE TAIL OFFSET:POSITION...; TAIL keeps the room that was made ahead. */
    private static String writeOffsets(String[] words) throws Exception {
        OffsetIndex index = new OffsetIndex(new File(words[2]), Long.parseLong(words[3]), ROOM);
        for (int i = 5; i < words.length; i++) {
            long[] entry = numbers(words[i]);
            index.append(entry[0], (int) entry[1]);
        }
        if (words[4].equals("tail")) index.flush(); else index.close();
        return "ok";
    }

    /** offset-index read PATH BASE TRUNCATE OFFSET... */
    private static String readOffsets(String[] words) throws Exception {
        OffsetIndex index = new OffsetIndex(new File(words[2]), Long.parseLong(words[3]), ROOM, false);
        index.sanityCheck();
        StringBuilder answer = new StringBuilder();
        for (int i = 0; i < index.entries(); i++) append(answer, index.entry(i));
        for (int i = 5; i < words.length; i++) append(answer.append("? "), index.lookup(Long.parseLong(words[i])));
        index.truncateTo(Long.parseLong(words[4]));
        return answer.append("! ").append(index.entries()).toString();
    }

    private static void append(StringBuilder answer, OffsetPosition entry) {
        answer.append(entry.offset()).append(':').append(entry.position()).append(' ');
    }

    /** time-index write PATH BASE TAIL TIMESTAMP:OFFSET... */
    private static String writeTimes(String[] words) throws Exception {
        TimeIndex index = new TimeIndex(new File(words[2]), Long.parseLong(words[3]), ROOM);
        for (int i = 5; i < words.length; i++) {
            long[] entry = numbers(words[i]);
            index.maybeAppend(entry[0], entry[1]);
        }
        if (words[4].equals("tail")) index.flush(); else index.close();
        return "ok";
    }

    /** time-index read PATH BASE TRUNCATE TIMESTAMP... */
    private static String readTimes(String[] words) throws Exception {
        TimeIndex index = new TimeIndex(new File(words[2]), Long.parseLong(words[3]), ROOM, false);
        index.sanityCheck();
        StringBuilder answer = new StringBuilder();
        for (int i = 0; i < index.entries(); i++) append(answer, index.entry(i));
        for (int i = 5; i < words.length; i++) append(answer.append("? "), index.lookup(Long.parseLong(words[i])));
        index.truncateTo(Long.parseLong(words[4]));
        return answer.append("! ").append(index.entries()).toString();
    }

    private static void append(StringBuilder answer, TimestampOffset entry) {
        answer.append(entry.timestamp()).append(':').append(entry.offset()).append(' ');
    }

    /** transactions write PATH BASE PRODUCER:FIRST:LAST:STABLE... */
    private static String writeTransactions(String[] words) throws Exception {
        try (TransactionIndex index = new TransactionIndex(Long.parseLong(words[3]), new File(words[2]))) {
            for (int i = 4; i < words.length; i++) {
                long[] entry = numbers(words[i]);
                index.append(new AbortedTxn(entry[0], entry[1], entry[2], entry[3]));
            }
            index.flush();
        }
        return "ok";
    }

    /** transactions read PATH BASE TRUNCATE FROM:UP-TO... */
    private static String readTransactions(String[] words) throws Exception {
        try (TransactionIndex index = new TransactionIndex(Long.parseLong(words[3]), new File(words[2]))) {
            index.sanityCheck();
            StringBuilder answer = new StringBuilder();
            append(answer, index.allAbortedTxns());
            for (int i = 5; i < words.length; i++) {
                long[] range = numbers(words[i]);
                var found = index.collectAbortedTxns(range[0], range[1]);
                append(answer.append("? "), found.abortedTransactions());
                answer.append(found.isComplete()).append(' ');
            }
            index.truncateTo(Long.parseLong(words[4]));
            return answer.append("! ").append(index.allAbortedTxns().size()).toString();
        }
    }

    private static void append(StringBuilder answer, List<AbortedTxn> transactions) {
        for (AbortedTxn txn : transactions) {
            answer.append(txn.producerId()).append(':').append(txn.firstOffset()).append(':').append(txn.lastOffset())
                .append(':').append(txn.lastStableOffset()).append(' ');
        }
    }

    /** checkpoint write PATH TOPIC:PARTITION:OFFSET... */
    private static String writeCheckpoint(String[] words) throws Exception {
        Map<TopicPartition, Long> entries = new HashMap<>();
        for (int i = 3; i < words.length; i++) {
            String[] parts = words[i].split(":");
            entries.put(new TopicPartition(parts[0], Integer.parseInt(parts[1])), Long.parseLong(parts[2]));
        }
        new OffsetCheckpointFile(new File(words[2]), FAILURES).write(entries);
        return "ok";
    }

    private static String readCheckpoint(String[] words) throws Exception {
        TreeSet<String> lines = new TreeSet<>();
        new OffsetCheckpointFile(new File(words[2]), FAILURES).read()
            .forEach((partition, offset) -> lines.add(partition.topic() + ":" + partition.partition() + ":" + offset));
        return "[" + String.join(" ", lines) + "]";
    }

    /** properties read PATH: keys and values in base64, in the order of the keys' text. */
    private static String readProperties(String[] words) throws Exception {
        Map<String, String> sorted = new TreeMap<>();
        PropertiesUtils.readPropertiesFile(words[2]).forEach((key, value) -> sorted.put(base64((String) key), base64((String) value)));
        StringBuilder answer = new StringBuilder("[");
        sorted.forEach((key, value) -> answer.append(key).append(':').append(value).append(' '));
        return answer.append(']').toString();
    }

    /** meta write PATH CLUSTER NODE DIRECTORY|- */
    private static String writeMeta(String[] words) throws Exception {
        MetaProperties.Builder meta = new MetaProperties.Builder().setVersion(MetaPropertiesVersion.V1)
            .setClusterId(words[3]).setNodeId(Integer.parseInt(words[4]));
        if (!words[5].equals("-")) meta.setDirectoryId(Uuid.fromString(words[5]));
        PropertiesUtils.writePropertiesFile(meta.build().toProperties(), words[2], true);
        return "ok";
    }

    private static String readMeta(String[] words) throws Exception {
        Properties properties = PropertiesUtils.readPropertiesFile(words[2]);
        MetaProperties meta = new MetaProperties.Builder(properties).build();
        return meta.clusterId().get() + ' ' + meta.nodeId().getAsInt() + ' ' + meta.directoryId().map(Uuid::toString).orElse("-");
    }

    private static String writePartition(String[] words) {
        PartitionMetadataFile file = new PartitionMetadataFile(new File(words[2]), FAILURES);
        file.record(Uuid.fromString(words[3]));
        file.maybeFlush();
        return "ok";
    }

    private static String readPartition(String[] words) {
        return new PartitionMetadataFile(new File(words[2]), FAILURES).read().topicId().toString();
    }

    /** shutdown write FOLDER EPOCH */
    private static String writeShutdown(String[] words) throws Exception {
        new CleanShutdownFileHandler(words[2]).write(Long.parseLong(words[3]));
        return "ok";
    }

    private static String readShutdown(String[] words) {
        return String.valueOf(new CleanShutdownFileHandler(words[2]).read().orElseThrow());
    }

    /** epochs open PATH | assign EPOCH OFFSET | end EPOCH LOG-END | of OFFSET | cut-end OFFSET | cut-start OFFSET | entries */
    private String epochs(String[] words) throws Exception {
        long number = words.length > 2 && !words[1].equals("open") ? Long.parseLong(words[2]) : 0;
        switch (words[1]) {
            case "open" -> cache = new LeaderEpochFileCache(
                new TopicPartition("t", 0), new LeaderEpochCheckpointFile(new File(words[2]), FAILURES), new AtOnce());
            case "assign" -> cache.assign((int) number, Long.parseLong(words[3]));
            case "cut-end" -> cache.truncateFromEndAsyncFlush(number);
            case "cut-start" -> cache.truncateFromStartAsyncFlush(number);
            case "end" -> {
                var end = cache.endOffsetFor((int) number, Long.parseLong(words[3]));
                return end.getKey() + ":" + end.getValue();
            }
            case "of" -> {
                var epoch = cache.epochForOffset(number);
                return epoch.isPresent() ? String.valueOf(epoch.getAsInt()) : "none";
            }
            default -> throw new IllegalArgumentException(words[1]);
        }
        List<String> entries = new ArrayList<>();
        for (EpochEntry entry : cache.epochEntries()) entries.add(entry.epoch() + ":" + entry.startOffset());
        return "[" + String.join(" ", entries) + "]";
    }

    private static long[] numbers(String word) {
        String[] parts = word.split(":");
        long[] numbers = new long[parts.length];
        for (int i = 0; i < parts.length; i++) numbers[i] = Long.parseLong(parts[i]);
        return numbers;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_16BE));
    }

    /** What Kafka would do in the background is done before it goes on. */
    private static final class AtOnce implements Scheduler {
        @Override public void startup() { }
        @Override public void shutdown() { }
        @Override public void resizeThreadPool(int size) { }
        @Override public ScheduledFuture<?> schedule(String name, Runnable task, long delay, long period) {
            task.run();
            return null;
        }
    }
}
