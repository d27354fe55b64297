using Moldau.Protocol.Errors;

namespace Moldau.Client.Serdes;

/// <summary>Bytes that are no such value, or a value that cannot be written. Trying again does not help.</summary>
public sealed class SerdeException(string message, string? where = null, Exception? inner = null)
    : KafkaException(ErrorCode.InvalidRecord, message, where, inner);
