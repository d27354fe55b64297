using Moldau.Bench.Clients.Worker;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Clients.Ours;

/// <summary>What no client passes with one thread: the records are encoded into batches, compressed and given their checksum, and go nowhere.</summary>
internal sealed class EncodingLoad(ClientTask task) : IClientLoad
{
    private const long Timestamp = 1_700_000_000_000;
    private const int RecordOverhead = 32;

    private readonly Samples _samples = new(task);
    private readonly RecordBatchBuilder _builder = new(MoldauLoads.Codec(task.Codec), MoldauLoads.Level(task.Codec), initialCapacity: task.BatchBytes + task.ValueBytes);

    public Task<long> RunAsync(Deadline deadline)
    {
        var done = 0L;
        while (!deadline.IsOver)
        {
            for (; _builder.UncompressedSize + task.ValueBytes + RecordOverhead < task.BatchBytes; done++) _builder.Append(Timestamp, task.IsKeyed ? _samples.Key(done) : OptionalBytes.Null, _samples.Value(done));
            _builder.Finish(new BatchOptions());
            _builder.Clear();
        }

        return Task.FromResult(done);
    }

    public ValueTask DisposeAsync()
    {
        _builder.Dispose();
        return ValueTask.CompletedTask;
    }
}
