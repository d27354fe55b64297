using System.Diagnostics;
using System.Net.Sockets;
using Moldau.Bench.Load;
using Moldau.Coordination.Shards;

namespace Moldau.Bench.Race;

/// <summary>From the command until a coordinator answers that has a million offsets to load.</summary>
internal sealed class ReloadRows(int rounds) : IDisposable
{
    public const string Name = "start: a coordinator with 1,000,000 offsets";

    private const int Groups = 10_000;
    private const int PartitionsEach = 100;
    private const int Shards = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-race-reload-").FullName;
    private readonly List<string> _groups = [.. Names().Take(Groups)];

    public RaceResult Measure()
    {
        List<ContenderKind> kinds = Contenders.KafkaScript is null ? [ContenderKind.Moldau] : [ContenderKind.Moldau, ContenderKind.Kafka];
        var samples = kinds.ToDictionary(static kind => kind, static _ => new List<RaceSample>());
        foreach (var kind in kinds) Fill(kind);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var kind in kinds) samples[kind].Add(Once(kind));
        }

        var row = new RaceRow(Name, kinds.Count > 1 ? ContenderKind.Kafka : null, static (_, _) => new RaceSample(), new RaceGoal(Metric.Ready, Value: 2), new RaceGoal(Metric.PeakMemory))
        {
            Note = "all in one partition; the program's start is in it",
        };
        return new RaceResult(row, samples[ContenderKind.Moldau], kinds.Count > 1 ? samples[ContenderKind.Kafka] : null);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Those of one shard.</summary>
    private static IEnumerable<string> Names()
    {
        for (var i = 0; ; i++)
        {
            if (ShardNumber.Of($"group-{i}", Shards) == 0) yield return $"group-{i}";
        }
    }

    private void Fill(ContenderKind kind)
    {
        using var contender = Contenders.Start(kind, FolderOf(kind));
        Topics.WaitUntilServed(contender);
        Topics.Create(contender, Turns.Topic, PartitionsEach, isFlushed: true, Topics.Kept);
        Coordinator.Await(contender.Port, _groups[0], Coordinator.OfGroups);
        AwaitOffset(contender.Port, -1, Stopwatch.GetTimestamp());
        using var connection = new LoadConnection(contender.Port);
        int[] partitions = [.. Enumerable.Range(0, PartitionsEach)];
        foreach (var group in _groups)
        {
            connection.Send(GroupRequests.Commit(group, Turns.Topic, partitions, 1));
            _ = connection.Receive();
        }

        AwaitOffset(contender.Port, 1, Stopwatch.GetTimestamp());
        contender.StopCleanly();
    }

    private RaceSample Once(ContenderKind kind)
    {
        var port = Contenders.FreePort();
        var started = Stopwatch.GetTimestamp();
        using var contender = kind == ContenderKind.Moldau ? Contenders.StartMoldau(FolderOf(kind), port) : Contenders.StartKafka(FolderOf(kind), port);
        var sample = new RaceSample { [Metric.Ready] = AwaitOffset(port, 1, started), [Metric.PeakMemory] = contender.PeakMiB };
        contender.StopCleanly();
        return sample;
    }

    /// <summary>Until the last group's last offset is told.</summary>
    private double AwaitOffset(int port, long wanted, long started)
    {
        while (true)
        {
            try
            {
                using var connection = new LoadConnection(port);
                connection.Send(GroupRequests.FetchOffset(_groups[^1], Turns.Topic, PartitionsEach - 1));
                var reply = new WireReader(connection.Receive());
                _ = reply.Take(2 * sizeof(int));
                reply.SkipText();
                _ = reply.Take(2 * sizeof(int));
                var offset = reply.Int64();
                reply.Int32();
                reply.SkipText();
                if (reply.Int16() == 0 && reply.Int16() == 0 && offset == wanted) return Stopwatch.GetElapsedTime(started).TotalSeconds;
            }
            catch (Exception exception) when (exception is SocketException or IOException or ArgumentOutOfRangeException)
            {
                // Not yet; a coordinator that is being loaded names no partitions.
            }

            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"the offsets are not served on port {port} within {Patience}");
            Thread.Sleep(2);
        }
    }

    private string FolderOf(ContenderKind kind) => Directory.CreateDirectory(Path.Combine(_folder, kind.ToString())).FullName;
}
