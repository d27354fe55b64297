import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Properties;
import java.io.FileInputStream;
import java.io.InputStream;

/** A broker of one node, by the properties of a file: a new folder is formatted first. It ends when its input ends. */
public class BrokerProcess {
    public static void main(String[] arguments) throws Exception {
        Thread watcher = new Thread(BrokerProcess::endWithInput, "input");
        watcher.setDaemon(true);
        watcher.start();
        kafka.tools.StorageTool.execute(
            new String[] {"format", "--ignore-formatted", "--standalone", "--feature", "eligible.leader.replicas.version=0", "--cluster-id", "bW9sZGF1LWRpZmZlcmVuYw", "-c", arguments[0]}, System.err);
        Properties properties = new Properties();
        try (InputStream file = new FileInputStream(arguments[0])) {
            properties.load(file);
        }
        String address = properties.getProperty("advertised.listeners");
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        Thread announcer = new Thread(() -> announce(port), "announcer");
        announcer.setDaemon(true);
        announcer.start();
        kafka.Kafka.main(arguments);
    }

    /** The client port opens when everything else stands. */
    private static void announce(int port) {
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                System.out.println("ready");
                return;
            } catch (java.io.IOException notYet) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void endWithInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is said here; only the end matters.
            }
        } catch (java.io.IOException gone) {
            // The same as an end.
        }
        Runtime.getRuntime().halt(0);
    }
}
