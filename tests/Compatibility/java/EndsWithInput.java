import java.util.Arrays;

/** Runs another program, whose name and arguments follow, until that ends, or the input does: so it outlives nobody. */
public class EndsWithInput {
    public static void main(String[] arguments) throws Exception {
        Thread watcher = new Thread(EndsWithInput::watch, "watcher");
        watcher.setDaemon(true);
        watcher.start();
        String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
    }

    private static void watch() {
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
