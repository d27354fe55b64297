using Moldau.Client.Consuming;

namespace Moldau.Client.Handling;

/// <summary>A record on its way through <see cref="HandleMiddleware"/>.</summary>
public sealed class HandleContext
{
    internal HandleContext()
    {
    }

    public TopicPartition Where { get; internal init; }

    public long Offset { get; internal init; }

    public DateTimeOffset Timestamp { get; internal init; }

    /// <summary>Valid until the handler has ended.</summary>
    public Headers Headers { get; internal init; }

    /// <summary>Of the consumer's key type, or null.</summary>
    public object? Key { get; set; }

    /// <summary>Of the consumer's value type, or null.</summary>
    public object? Value { get; set; }

    /// <summary>The handler's: cancelled when it has gone on for too long.</summary>
    public CancellationToken Cancellation { get; internal init; }
}
