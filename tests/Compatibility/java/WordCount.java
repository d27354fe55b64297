import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;

/**
 * Counts words with Kafka Streams: each one is written with the count it has reached, so that what comes out tells of
 * every word that was taken twice or not at all. It goes on until it is told to stop, its input ends, or it is killed.
 *
 *   ADDRESS APPLICATION GUARANTEE COMMIT-MILLISECONDS STATE-FOLDER IN OUT [PROTOCOL]
 *
 * With PROTOCOL streams the broker assigns the tasks; its settings say then how long a silent member is one.
 */
public class WordCount {
    public static void main(String[] arguments) throws Exception {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", arguments[0]);
        settings.put("application.id", arguments[1]);
        settings.put("processing.guarantee", arguments[2]);
        settings.put("commit.interval.ms", arguments[3]);
        settings.put("state.dir", arguments[4]);
        settings.put("num.stream.threads", 2);
        // With a cache only the latest count of a word would leave at each commit.
        settings.put("statestore.cache.max.bytes", 0);
        if (arguments.length > 7) {
            settings.put("group.protocol", arguments[7]);
        } else {
            // A killed one is still a member, and holds up the next until its session ends.
            settings.put("session.timeout.ms", 3000);
            settings.put("heartbeat.interval.ms", 500);
        }

        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(arguments[5], Consumed.with(Serdes.String(), Serdes.String()))
            .flatMapValues(line -> List.of(line.split(" ")))
            .groupBy((key, word) -> word, Grouped.with(Serdes.String(), Serdes.String()))
            .count(Materialized.with(Serdes.String(), Serdes.Long()))
            .toStream()
            .mapValues(count -> Long.toString(count))
            .to(arguments[6], Produced.with(Serdes.String(), Serdes.String()));
        KafkaStreams streams = new KafkaStreams(builder.build(), settings);
        streams.setUncaughtExceptionHandler(failed -> {
            failed.printStackTrace();
            System.out.println("wrong: " + failed);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        Thread teller = new Thread(() -> tell(streams), "teller");
        teller.setDaemon(true);
        teller.start();
        BufferedReader said = new BufferedReader(new InputStreamReader(System.in));
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (!line.equals("stop")) continue;
            System.out.println(streams.close(Duration.ofSeconds(60)) ? "stopped" : "wrong: it does not stop");
            break;
        }
        Runtime.getRuntime().halt(0);
    }

    /** Says what it works on, whenever that has changed. */
    private static void tell(KafkaStreams streams) {
        String told = "";
        while (true) {
            try {
                Thread.sleep(50);
            } catch (InterruptedException over) {
                return;
            }
            String now = streams.metadataForLocalThreads().stream().flatMap(thread -> thread.activeTasks().stream())
                .map(task -> task.taskId().toString()).sorted().collect(Collectors.joining(","));
            if (!now.equals(told) && !now.isEmpty()) System.out.println("works on " + now);
            told = now;
        }
    }
}
