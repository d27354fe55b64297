using Moldau.Protocol.Errors;

namespace Moldau.Coordination.Deliveries;

/// <summary>What became of acknowledgements.</summary>
/// <param name="Error">None where they were taken, all of them.</param>
/// <param name="Message">What is wrong; null where nothing is.</param>
/// <param name="MustStore">Whether they count only when the next write has succeeded: nobody is told before.</param>
public readonly record struct AcknowledgeResult(ErrorCode Error, string? Message, bool MustStore);
