namespace Moldau.Protocol.Errors;

/// <summary>All there is to know about an error code.</summary>
/// <param name="Code">As it stands on the wire.</param>
/// <param name="Name">As Kafka's tools print it, in capitals.</param>
/// <param name="IsRetriable">Whether the same request may succeed later, perhaps after fresh metadata.</param>
/// <param name="Message">What is wrong and, where there is something, what to do.</param>
public readonly record struct ErrorRow(ErrorCode Code, string Name, bool IsRetriable, string Message);
