using Moldau.Protocol.Errors;

namespace Moldau.Client;

/// <summary>A deadline that passed. Whether a broker did what it was asked is unknown.</summary>
public sealed class KafkaTimeoutException(string problem, string? where = null, Exception? inner = null)
    : KafkaException(ErrorCode.RequestTimedOut, problem, where, inner);
