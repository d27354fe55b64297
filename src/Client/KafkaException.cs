using Moldau.Protocol.Errors;

namespace Moldau.Client;

/// <summary>What a broker refused, or what stood between it and this client.</summary>
public class KafkaException : Exception
{
    /// <param name="code">The protocol's code; of the client's own troubles the one that fits.</param>
    /// <param name="problem">What is wrong and, where there is something, what to do.</param>
    /// <param name="where">The topic, the partition, the resource or the broker; null where it is the whole cluster.</param>
    /// <param name="inner">What it comes from.</param>
    public KafkaException(ErrorCode code, string problem, string? where = null, Exception? inner = null)
        : base(where is null ? problem : $"{where}: {problem}", inner)
    {
        Code = code;
        Where = where;
        IsTransient = code.IsRetriable();
    }

    public ErrorCode Code { get; }

    public string? Where { get; }

    /// <summary>Whether the same may succeed later. The client has then tried it again already, until its deadline.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether what it came from can never be used again, such as a writer whose sequence was lost.</summary>
    public bool IsFatal { get; init; }

    /// <summary>What a broker answered, with its own words where it had some.</summary>
    public static KafkaException Of(ErrorCode code, string? told, string? where = null) =>
        new(code, string.IsNullOrEmpty(told) ? $"{code.Message()} ({code.Name()})" : $"{told} ({code.Name()})", where);
}
