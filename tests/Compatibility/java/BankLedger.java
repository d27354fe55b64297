import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What those who write know: which transactions were begun, and what became of each. What is wrong is told here. */
class BankLedger {
    static final String TRANSFERS = "transfers";
    static final String ENTRIES = "entries";
    static final int PARTITIONS = 4;
    static final int ACCOUNTS = 100;
    static final long TOTAL = ACCOUNTS * 1000L;

    /** A transaction whose commit was acknowledged. */
    record Committed(long attempt, List<Integer> transfers) {
    }

    private final AtomicLong attempts = new AtomicLong();
    private final List<Committed> committed = new ArrayList<>();
    private final Set<Long> aborted = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> events = new TreeMap<>();
    private long transfersCommitted;
    private volatile boolean isOver;
    private volatile boolean isWrong;

    /** A number for a transaction that begins. */
    long begin() {
        return attempts.incrementAndGet();
    }

    synchronized void committed(long attempt, List<Integer> transfers) {
        committed.add(new Committed(attempt, transfers));
        transfersCommitted += transfers.size();
    }

    /** One whose commit was never asked for: nothing of it may ever be seen. */
    void aborted(long attempt) {
        aborted.add(attempt);
    }

    boolean isAborted(long attempt) {
        return aborted.contains(attempt);
    }

    synchronized int count() {
        return committed.size();
    }

    synchronized List<Committed> committed(int first, int end) {
        return new ArrayList<>(committed.subList(first, end));
    }

    synchronized long transfersCommitted() {
        return transfersCommitted;
    }

    /** Something that may happen, and is counted. */
    synchronized void happened(String event) {
        events.merge(event, 1, Integer::sum);
    }

    synchronized String summary() {
        return committed.size() + " transactions acknowledged, " + aborted.size() + " aborted, " + events;
    }

    /** Something that must not happen. */
    void wrong(String what) {
        isWrong = true;
        System.out.println("wrong: " + what);
        System.out.flush();
    }

    boolean isWrong() {
        return isWrong;
    }

    void end() {
        isOver = true;
    }

    boolean isOver() {
        return isOver;
    }
}
