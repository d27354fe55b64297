using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Connect;

/// <summary>One worker of Kafka Connect in distributed mode, in a process of its own.</summary>
internal sealed class ConnectWorker : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly TalkingProgram _program;
    private readonly string _file;

    private ConnectWorker(TalkingProgram program, string file, Uri address)
    {
        _program = program;
        _file = file;
        Address = address;
    }

    /// <summary>Where it is asked.</summary>
    public Uri Address { get; }

    /// <summary>As the cluster's status calls it.</summary>
    public string Id => $"{Address.Host}:{Address.Port}";

    public string Said => _program.Said;

    public static async Task<ConnectWorker> StartAsync(string broker)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, Settings(broker));
        var program = await TalkingProgram.StartJavaAsync("a worker of Connect", "-Xmx384m", "ConnectWorker", file);
        try
        {
            var line = await program.LineAsync("ready ", fault: null, Deadline);
            return new ConnectWorker(program, file, new Uri(line["ready ".Length..]));
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL: the others hear nothing of it.</summary>
    public void Kill() => _program.Kill();

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        File.Delete(_file);
    }

    private static string[] Settings(string broker) =>
    [
        $"bootstrap.servers={broker}",
        "group.id=workers",
        "listeners=http://127.0.0.1:0",
        "key.converter=org.apache.kafka.connect.storage.StringConverter",
        "value.converter=org.apache.kafka.connect.storage.StringConverter",
        "config.storage.topic=connect-configs",
        "offset.storage.topic=connect-offsets",
        "offset.storage.partitions=3",
        "status.storage.topic=connect-status",
        "status.storage.partitions=3",
        "config.storage.replication.factor=1",
        "offset.storage.replication.factor=1",
        "status.storage.replication.factor=1",
        "plugin.discovery=service_load",
        // What a source has read and how far it is leave in one transaction.
        "exactly.once.source.support=enabled",
        "consumer.isolation.level=read_committed",
        "offset.flush.interval.ms=500",
        // The work of one that is gone goes to the others as soon as its session ends.
        "scheduled.rebalance.max.delay.ms=0",
        "session.timeout.ms=3000",
        "heartbeat.interval.ms=500",
        "consumer.session.timeout.ms=3000",
        "consumer.heartbeat.interval.ms=500",
    ];
}
