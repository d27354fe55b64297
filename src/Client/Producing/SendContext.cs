using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>A record on its way through <see cref="SendMiddleware"/>.</summary>
public sealed class SendContext
{
    internal SendContext(string topic, CancellationToken cancellation) => (Topic, Cancellation) = (topic, cancellation);

    public string Topic { get; }

    /// <summary>Of the producer's key type, or null.</summary>
    public object? Key { get; set; }

    /// <summary>Of the producer's value type, or null.</summary>
    public object? Value { get; set; }

    public IList<RecordHeader> Headers { get; internal init; } = [];

    /// <summary>The time of now where it is null.</summary>
    public DateTimeOffset? Timestamp { get; set; }

    /// <summary>By the key where it is null.</summary>
    public int? Partition { get; set; }

    /// <summary>The sender's.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Ends when its record was taken over, which is all that who only enqueues waits for.</summary>
    internal TaskCompletionSource Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
