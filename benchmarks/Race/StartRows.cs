using System.Diagnostics;
using Moldau.Bench.Load;

namespace Moldau.Bench.Race;

/// <summary>From the command to the last partition served: after a clean stop, and after a kill while records were written.</summary>
internal sealed class StartRows(int rounds, long bytes) : IDisposable
{
    private const int Partitions = 6;
    private const short InSync = -1;
    private const int RecordBytes = 1024;

    public static readonly string[] Names = ["start: after a clean stop", "start: after kill -9", "start: after kill -9, Kafka with broker.session.timeout.ms=1500 and -Xmx256m"];

    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-race-start-").FullName;
    private readonly HashSet<ContenderKind> _filled = [];

    public RaceResult Measure(string name)
    {
        var isKilled = name != Names[0];
        var isQuickKafka = name == Names[2];
        List<ContenderKind> kinds = Contenders.KafkaScript is null ? [ContenderKind.Moldau] : [ContenderKind.Moldau, ContenderKind.Kafka];
        var samples = kinds.ToDictionary(static kind => kind, static _ => new List<RaceSample>());
        foreach (var kind in kinds) Fill(kind);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var kind in kinds) samples[kind].Add(Once(kind, isKilled, isQuickKafka));
        }

        var memory = isKilled ? [] : new RaceGoal[] { new(Metric.PeakMemory, Value: 80) };
        var row = new RaceRow(name, kinds.Count > 1 ? ContenderKind.Kafka : null, static (_, _) => new RaceSample(), [new RaceGoal(Metric.Ready, Value: isKilled ? 1 : 0.3), .. memory])
        {
            Note = $"{bytes >> 30} GiB of log; every partition's last record read, one written with acks=all",
        };
        return new RaceResult(row, samples[ContenderKind.Moldau], kinds.Count > 1 ? samples[ContenderKind.Kafka] : null);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string FolderOf(ContenderKind kind) => Directory.CreateDirectory(Path.Combine(_folder, kind.ToString())).FullName;

    private void Fill(ContenderKind kind)
    {
        if (!_filled.Add(kind)) return;
        using var contender = Contenders.Start(kind, FolderOf(kind));
        Topics.WaitUntilServed(contender);
        Topics.Create(contender, Turns.Topic, Partitions, isFlushed: true, Topics.Kept);
        using var source = new EncodedBatches(InSync, Turns.Topic, Partitions, RecordBytes, 64 << 10);
        _ = new ProduceLoad(contender.Port, source, connections: 1, inFlight: 5).Run(bytes / RecordBytes);
        contender.StopCleanly();
    }

    private RaceSample Once(ContenderKind kind, bool isKilled, bool isQuickKafka)
    {
        if (isKilled)
        {
            using var victim = Start(kind, isQuickKafka, out var since);
            ReadyProbe.Wait(victim.Port, Turns.Topic, Partitions, since);
            KillWhileWriting(victim);
        }

        using var contender = Start(kind, isQuickKafka, out var started);
        var sample = new RaceSample { [Metric.Ready] = ReadyProbe.Wait(contender.Port, Turns.Topic, Partitions, started) };
        Thread.Sleep(2000);
        sample[Metric.PeakMemory] = contender.ResidentMiB;
        contender.StopCleanly();
        return sample;
    }

    private Contender Start(ContenderKind kind, bool isQuickKafka, out long started)
    {
        var port = Contenders.FreePort();
        started = Stopwatch.GetTimestamp();
        if (kind == ContenderKind.Moldau) return Contenders.StartMoldau(FolderOf(kind), port);
        return isQuickKafka ? Contenders.StartSmallKafka(FolderOf(kind), port) : Contenders.StartKafka(FolderOf(kind), port);
    }

    private static void KillWhileWriting(Contender victim)
    {
        var load = new Thread(() =>
        {
            try
            {
                using var source = new EncodedBatches(InSync, Turns.Topic, Partitions, RecordBytes, 64 << 10);
                _ = new ProduceLoad(victim.Port, source, connections: 1, inFlight: 5).Run(TimeSpan.FromMinutes(1));
            }
            catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
            {
                // It was killed, as it was meant to be.
            }
        });
        load.Start();
        Thread.Sleep(300);
        victim.KillHard();
        load.Join();
    }
}
