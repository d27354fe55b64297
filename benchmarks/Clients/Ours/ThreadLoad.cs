using System.Globalization;
using Moldau.Bench.Clients.Worker;
using Moldau.Bench.Load;

namespace Moldau.Bench.Clients.Ours;

/// <summary>The limit of a client with one thread: encodes records and sends them, five requests under way, and does nothing else.</summary>
internal sealed class ThreadLoad : IClientLoad
{
    private const short InSync = -1;
    private const int UnderWay = 5;

    private readonly EncodedBatches _source;
    private readonly Load.ProduceLoad _load;

    public ThreadLoad(ClientTask task)
    {
        _source = new EncodedBatches(InSync, task.Topic, ClientTask.Partitions, task.ValueBytes, task.BatchBytes);
        var port = int.Parse(task.Bootstrap.AsSpan(task.Bootstrap.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);
        _load = new Load.ProduceLoad(port, _source, connections: 1, UnderWay);
    }

    public Task<long> RunAsync(Deadline deadline) => Task.FromResult(_load.Run(deadline.Length).Records);

    public ValueTask DisposeAsync()
    {
        _source.Dispose();
        return ValueTask.CompletedTask;
    }
}
