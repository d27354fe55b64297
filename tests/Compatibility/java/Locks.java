import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import org.apache.kafka.server.util.FileLock;

/**
 * Tries the lock that a broker takes on its data folder, on the file named by the first line of the input. Where it is
 * taken a file NAME.held says so, and the lock is held until the input ends.
 */
public final class Locks {
    public static void main(String[] arguments) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        File file = new File(input.readLine());
        FileLock lock = new FileLock(file);
        if (!lock.tryLock()) {
            System.out.println("refused");
            return;
        }

        new File(file.getPath() + ".held").createNewFile();
        while (input.readLine() != null) {
        }

        lock.unlockAndClose();
        System.out.println("taken");
    }
}
