import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Kafka's share consumer in scenes, each with a topic and a group of its own, at the broker whose address is the first line of
 * standard input. What it prints is the same at every broker that has share groups.
 */
public class ShareScenes {
    private static final int AT_ONCE = 4;

    private interface Scene {
        void play(ShareBench bench) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        // What the consumer logs of failures that are meant is nobody's business.
        System.setProperty("log4j2.level", "OFF");
        String address = new BufferedReader(new InputStreamReader(System.in)).readLine();
        List<Scene> scenes = List.of(
            ShareAnswers::explicit, ShareAnswers::implicit, ShareAnswers::renewed, ShareDeliveries::recordLimit, ShareDeliveries::wholeBatches,
            bench -> ShareDeliveries.lockLimit(bench, "record_limit"), bench -> ShareDeliveries.lockLimit(bench, "batch_optimized"), ShareAnswers::closed, ShareAnswers::wakened,
            ShareDeliveries::expired, ShareDeliveries::deliveries, ShareDeliveries::committed, ShareDeliveries::openTransaction, ShareAnswers::unreadable,
            ShareAnswers::partitions, ShareAnswers::misused);
        // They wait most of the time, so several are played at once; what they say is printed in their order.
        ExecutorService stages = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<String>> played = new ArrayList<>();
            for (Scene scene : scenes) played.add(stages.submit(() -> play(address, scene)));
            for (Future<String> one : played) System.out.print(one.get());
        } finally {
            stages.shutdownNow();
        }
    }

    private static String play(String address, Scene scene) throws Exception {
        try (ShareBench bench = new ShareBench(address)) {
            scene.play(bench);
            return bench.said();
        }
    }
}
