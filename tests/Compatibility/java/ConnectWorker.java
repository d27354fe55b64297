import java.util.Map;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;

/** A worker of Kafka Connect in distributed mode, by the properties of a file. It says where it is asked, and ends with its input. */
public class ConnectWorker {
    public static void main(String[] arguments) throws Exception {
        Map<String, String> properties = Utils.propsToStringMap(Utils.loadProps(arguments[0]));
        Connect<?> worker = new ConnectDistributed(arguments[0]).startConnect(properties);
        System.out.println("ready " + worker.rest().advertisedUrl());
        System.out.flush();
        while (System.in.read() >= 0) {
            // Nothing is said here; only the end matters.
        }
        Runtime.getRuntime().halt(0);
    }
}
