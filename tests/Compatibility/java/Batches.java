import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.common.utils.PrimitiveRef;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.LogValidator;

/**
 * Builds, reads and judges record batches with Kafka's own classes, a command a line, an answer a line. A record is
 * 'offset;timestamp;key;value;headers' and a header 'key:value', joined by commas; bytes are base64, '!' is null.
 *
 *   records R...    the records that the next builds take; answered by nothing
 *   build ...       a batch of them, in base64
 *   marker ...      the end of a transaction, in base64
 *   read BATCH      its header, and its records as a consumer sees them
 *   check BATCH     'sound', or 'refused' and why: what a broker asks of a batch that a producer sent
 */
public final class Batches {
    private static final short PRODUCE_VERSION = 12;
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private String[] records = {};

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 20);
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), 1 << 20);
        Batches batches = new Batches();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            if (words[0].equals("records")) {
                batches.records = words;
                continue;
            }
            out.write(switch (words[0]) {
                case "build" -> batches.build(words);
                case "marker" -> marker(words);
                case "read" -> read(words[1]);
                case "check" -> check(words[1]);
                default -> throw new IllegalArgumentException(line);
            });
            out.write('\n');
        }
        out.flush();
    }

    /** build CODEC LEVEL OFFSET LEADER-EPOCH PRODUCER EPOCH SEQUENCE TRANSACTIONAL APPEND-TIME; '-' where there is none. */
    private String build(String[] words) {
        boolean stamped = !words[9].equals("-");
        ByteBufferOutputStream bytes = new ByteBufferOutputStream(1 << 16);
        try (MemoryRecordsBuilder builder = new MemoryRecordsBuilder(
                bytes, RecordBatch.MAGIC_VALUE_V2, compression(words[1], words[2]),
                stamped ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME, Long.parseLong(words[3]),
                stamped ? Long.parseLong(words[9]) : RecordBatch.NO_TIMESTAMP, Long.parseLong(words[5]),
                Short.parseShort(words[6]), Integer.parseInt(words[7]), Boolean.parseBoolean(words[8]), false,
                Integer.parseInt(words[4]), NO_LIMIT)) {
            for (int i = 1; i < records.length; i++) {
                String[] fields = records[i].split(";", -1);
                builder.appendWithOffset(Long.parseLong(fields[0]), Long.parseLong(fields[1]),
                    bytes(fields[2]), bytes(fields[3]), headers(fields[4]));
            }
            return text(builder.build().buffer());
        }
    }

    /** marker OFFSET TIMESTAMP LEADER-EPOCH PRODUCER EPOCH ABORT|COMMIT COORDINATOR-EPOCH */
    private static String marker(String[] words) {
        return text(MemoryRecords.withEndTransactionMarker(
            Long.parseLong(words[1]), Long.parseLong(words[2]), Integer.parseInt(words[3]), Long.parseLong(words[4]),
            Short.parseShort(words[5]),
            new EndTransactionMarker(ControlRecordType.valueOf(words[6]), Integer.parseInt(words[7]))).buffer());
    }

    private static String read(String batchText) {
        StringBuilder out = new StringBuilder();
        for (RecordBatch batch : MemoryRecords.readableRecords(ByteBuffer.wrap(bytes(batchText))).batches()) {
            batch.ensureValid();
            out.append(batch.compressionType().name).append(';').append(batch.timestampType() == TimestampType.LOG_APPEND_TIME)
                .append(';').append(batch.baseOffset()).append(';').append(batch.lastOffset()).append(';').append(batch.partitionLeaderEpoch())
                .append(';').append(batch.producerId()).append(';').append(batch.producerEpoch()).append(';').append(batch.baseSequence())
                .append(';').append(batch.isTransactional()).append(';').append(batch.isControlBatch()).append(';').append(batch.maxTimestamp());
            try (var iterator = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
                while (iterator.hasNext()) {
                    out.append(' ');
                    record(iterator.next(), out);
                }
            }
        }
        return out.toString();
    }

    private static void record(Record record, StringBuilder out) {
        out.append(record.offset()).append(';').append(record.timestamp()).append(';')
            .append(text(record.key())).append(';').append(text(record.value())).append(';');
        String separator = "";
        for (Header header : record.headers()) {
            out.append(separator).append(text(ByteBuffer.wrap(header.key().getBytes(StandardCharsets.UTF_8)))).append(':')
                .append(header.value() == null ? "!" : text(ByteBuffer.wrap(header.value())));
            separator = ",";
        }
    }

    private static String check(String batchText) {
        try {
            MemoryRecords sent = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes(batchText)));
            ProduceRequest.validateRecords(PRODUCE_VERSION, sent);
            RecordBatch batch = sent.batches().iterator().next();
            batch.ensureValid();
            CompressionType codec = batch.compressionType();
            new LogValidator(sent, new TopicPartition("t", 0), Time.SYSTEM, codec, Compression.of(codec).build(), false,
                RecordBatch.CURRENT_MAGIC_VALUE, TimestampType.CREATE_TIME, Long.MAX_VALUE, Long.MAX_VALUE, 0, AppendOrigin.CLIENT)
                .validateMessagesAndAssignOffsets(PrimitiveRef.ofLong(0), new Uncounted(), BufferSupplier.NO_CACHING);
            return "sound";
        } catch (RuntimeException | Error refusal) { // snappy's reader throws an Error
            return ("refused " + refusal.getClass().getSimpleName() + ": " + refusal.getMessage()).replace('\n', ' ');
        }
    }

    private static Compression compression(String codec, String level) {
        return switch (codec) {
            case "none" -> Compression.NONE;
            case "snappy" -> Compression.snappy().build();
            case "gzip" -> Compression.gzip().level(Integer.parseInt(level)).build();
            case "lz4" -> Compression.lz4().level(Integer.parseInt(level)).build();
            case "zstd" -> Compression.zstd().level(Integer.parseInt(level)).build();
            default -> throw new IllegalArgumentException(codec);
        };
    }

    private static Header[] headers(String text) {
        if (text.isEmpty()) return Record.EMPTY_HEADERS;
        List<Header> headers = new ArrayList<>();
        for (String header : text.split(",")) {
            String[] parts = header.split(":", -1);
            headers.add(new RecordHeader(new String(bytes(parts[0]), StandardCharsets.UTF_8), bytes(parts[1])));
        }
        return headers.toArray(new Header[0]);
    }

    private static byte[] bytes(String text) {
        return text.equals("!") ? null : Base64.getDecoder().decode(text);
    }

    private static String text(ByteBuffer bytes) {
        if (bytes == null) return "!";
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return Base64.getEncoder().encodeToString(copy);
    }

    /** The broker counts refusals; here only the refusal itself matters. */
    private static final class Uncounted implements LogValidator.MetricsRecorder {
        @Override public void recordInvalidMagic() { }
        @Override public void recordInvalidOffset() { }
        @Override public void recordInvalidSequence() { }
        @Override public void recordInvalidChecksums() { }
        @Override public void recordNoKeyCompactedTopic() { }
    }
}
