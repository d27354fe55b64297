using Moldau.Protocol.Errors;

namespace Moldau.Client.Handling;

/// <summary>A handler failed for good, and the run ended with it. The record is not done: it comes again.</summary>
public sealed class HandlerException(TopicPartition where, long offset, int attempts, Exception inner)
    : KafkaException(ErrorCode.UnknownServerError, $"the handler failed ({attempts} {(attempts == 1 ? "attempt" : "attempts")}): {inner.Message}; Failure.Skip or Failure.DeadLetter would pass the record over", $"{where}@{offset}", inner)
{
    public TopicPartition Partition => where;

    public long Offset => offset;

    public int Attempts => attempts;
}
