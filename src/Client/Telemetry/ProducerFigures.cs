using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Moldau.Client.Producing;

namespace Moldau.Client.Telemetry;

/// <summary>What the producers of one client count, a batch at a time.</summary>
internal sealed class ProducerFigures(KafkaClientOptions options)
{
    private readonly ConcurrentDictionary<(string Topic, string? Error), StrongBox<long>> _sent = new();
    private readonly Lock _gate = new();
    private readonly List<BufferRoom> _rooms = [];
    private long _retries;

    /// <summary>Whether there ever was a producer.</summary>
    public bool IsUsed { get; private set; }

    public Tally Queued { get; } = new();

    /// <summary>Every answer counts, one that was not held back as zero.</summary>
    public Tally Throttled { get; } = new();

    public long Retries => Interlocked.Read(ref _retries);

    public long BufferBytes
    {
        get
        {
            lock (_gate)
            {
                var bytes = 0L;
                foreach (var room in _rooms) bytes += room.Used;
                return bytes;
            }
        }
    }

    public void Begin(BufferRoom room)
    {
        lock (_gate)
        {
            IsUsed = true;
            _rooms.Add(room);
        }
    }

    public void End(BufferRoom room)
    {
        lock (_gate) _rooms.Remove(room);
    }

    /// <summary>A batch is sent for the first time.</summary>
    public void Leaves(TopicPartition where, OutgoingBatch batch, TimeSpan waited)
    {
        Queued.Add(waited);
        if (ClientMeter.QueueDuration.Enabled) ClientMeter.QueueDuration.Record(waited.TotalSeconds, OfTopic(where));
        if (ClientMeter.BatchSize.Enabled) ClientMeter.BatchSize.Record(batch.Size, OfTopic(where));
    }

    public void SendsAgain() => Interlocked.Increment(ref _retries);

    /// <summary>A batch is confirmed, or lost.</summary>
    public void Ended(TopicPartition where, OutgoingBatch batch, TimeSpan took, KafkaException? failure)
    {
        // One that was never sent was no attempt.
        if (batch.Attempts == 0) return;
        var error = failure is null ? null : ClientSpans.ErrorOf(failure);
        Interlocked.Add(ref _sent.GetOrAdd((where.Topic, error), static _ => new StrongBox<long>()).Value, batch.Count);
        if (!ClientMeter.OperationDuration.Enabled) return;
        ClientMeter.OperationDuration.Record(took.TotalSeconds, OperationTags.Of(Operation.Send, options.ClientId, where.Topic, null, error));
    }

    public void CollectSent(Action<string, string?, long> to)
    {
        foreach (var ((topic, error), count) in _sent) to(topic, error, Interlocked.Read(ref count.Value));
    }

    private TagList OfTopic(TopicPartition where) => new() { { TelemetryTag.ClientId, options.ClientId }, { TelemetryTag.Topic, where.Topic } };
}
