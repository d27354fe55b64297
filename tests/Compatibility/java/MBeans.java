import com.sun.tools.attach.VirtualMachine;
import java.util.Scanner;
import java.util.TreeSet;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Prints the names of Kafka's MBeans in the process whose number stands on the input. */
public final class MBeans {
    public static void main(String[] arguments) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(new Scanner(System.in).nextLine().trim());
        try (var connector = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()))) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            TreeSet<String> names = new TreeSet<>();
            for (ObjectName name : server.queryNames(null, null))
                if (name.getDomain().startsWith("kafka")) names.add(name.getDomain() + ":" + name.getKeyPropertyListString());
            names.forEach(System.out::println);
        }
    }
}
