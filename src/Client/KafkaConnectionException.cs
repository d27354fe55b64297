using Moldau.Protocol.Errors;

namespace Moldau.Client;

/// <summary>A broker that could not be reached, or whose connection ended before it had answered. Whether it did what it was asked is then unknown.</summary>
public sealed class KafkaConnectionException(string problem, string where, Exception? inner = null)
    : KafkaException(ErrorCode.NetworkException, problem, where, inner);
