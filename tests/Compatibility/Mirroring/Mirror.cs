using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Mirroring;

/// <summary>Kafka's MirrorMaker 2 in a process of its own, between two clusters and in both directions.</summary>
internal sealed class Mirror : IAsyncDisposable
{
    private readonly TalkingProgram _program;
    private readonly string _file;

    private Mirror(TalkingProgram program, string file)
    {
        _program = program;
        _file = file;
    }

    /// <summary>What it has said last.</summary>
    public string Said => _program.Said;

    /// <param name="one">What it copies from one cluster to the other.</param>
    /// <param name="back">What it copies from there.</param>
    public static async Task<Mirror> StartAsync(MirroredTopic one, MirroredTopic back)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, [.. Common, $"clusters = {one.From.Alias}, {one.To.Alias}", .. Flow(one), .. Flow(back)]);
        return new Mirror(await TalkingProgram.StartJavaAsync("MirrorMaker", "-Xmx512m", "EndsWithInput", "org.apache.kafka.connect.mirror.MirrorMaker", file), file);
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        File.Delete(_file);
    }

    private static IEnumerable<string> Flow(MirroredTopic topic)
    {
        var flow = $"{topic.From.Alias}->{topic.To.Alias}";
        return
        [
            $"{topic.From.Alias}.bootstrap.servers = {topic.From.Address}",
            // Its plugins are found by their lists: to look into every jar takes long.
            $"{topic.From.Alias}.plugin.discovery = service_load",
            // When it stores how far it is it also tells where the last records went.
            $"{topic.From.Alias}.offset.flush.interval.ms = 500",
            $"{flow}.enabled = true",
            $"{flow}.topics = {topic.Name}",
            $"{flow}.groups = {topic.Upfront}, {topic.Midway}",
        ];
    }

    /// <summary>All it does at intervals it does each second, and it notes where nearly each record went.</summary>
    private static readonly string[] Common =
    [
        "replication.factor = 1",
        "checkpoints.topic.replication.factor = 1",
        "heartbeats.topic.replication.factor = 1",
        "offset-syncs.topic.replication.factor = 1",
        "config.storage.replication.factor = 1",
        "offset.storage.replication.factor = 1",
        "status.storage.replication.factor = 1",
        "refresh.topics.interval.seconds = 1",
        "refresh.groups.interval.seconds = 1",
        "sync.topic.configs.interval.seconds = 1",
        "sync.topic.acls.enabled = false",
        "emit.checkpoints.interval.seconds = 1",
        "sync.group.offsets.enabled = true",
        "sync.group.offsets.interval.seconds = 1",
        "offset.lag.max = 1",
        "tasks.max = 2",
    ];
}
